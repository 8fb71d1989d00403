// The page follows the files, and the editor sends what was typed. Nothing here knows YAML: the server makes every form and every page.
"use strict";
const $ = (found, from = document) => from.querySelector(found), all = (found, from = document) => [...from.querySelectorAll(found)];
const body = document.body, live = $("#live");
let hush = 0;

function say(words, for_ = 4000) { live.textContent = words; clearTimeout(hush); if (for_) hush = setTimeout(() => { live.textContent = ""; }, for_); }

async function ask(address, how = "GET", told = null, more = {}) {
  const answer = await fetch(address, { method: how, headers: told ? { "Content-Type": "application/json", ...more } : more, body: told && JSON.stringify(told) });
  return { status: answer.status, told: await answer.json().catch(() => ({})) };
}

// ---- the books' pages: only what is inside changes, so that nothing flickers and the place stays

function fillFrame(frame, html) {
  const made = new DOMParser().parseFromString(html, "text/html"), there = frame.contentDocument;
  if (!there || !there.body) return;
  const links = (doc) => all("link", doc).map((link) => link.getAttribute("href")).join();
  if (links(made) !== links(there)) there.head.replaceChildren(...all("link, title, meta", made).map((each) => there.importNode(each, true)));
  const top = there.scrollingElement ? there.scrollingElement.scrollTop : 0, fresh = there.importNode(made.body, true);
  there.body.replaceWith(fresh);
  if (there.scrollingElement) there.scrollingElement.scrollTop = top;
}

async function refreshFrames() {
  for (const frame of all("iframe[data-side]")) {
    const answer = await fetch(frame.getAttribute("src"));
    if (answer.ok) fillFrame(frame, await answer.text());
  }
}

// ---- following the files

async function follow() {
  if (document.visibilityState === "visible") {
    try {
      const before = saves, file = form ? "?file=" + encodeURIComponent(form.dataset.file) : "", { status, told } = await ask("/api/version" + file);
      if (status === 401) say("The preview was started again. Open the address in the terminal.", 0);
      else if (before !== saves || before % 2) { /* this page is saving: the change is its own */ }
      else if (told.version && told.version !== body.dataset.version) { body.dataset.version = told.version; await changed(told); }
      if (body.dataset.lost) { delete body.dataset.lost; say("The preview is back."); }
    } catch { if (!body.dataset.lost) { body.dataset.lost = "yes"; say("The preview does not answer. What you typed is still here.", 0); } }
  }
  setTimeout(follow, 600);
}

async function changed(told) {
  if (form) {
    if (told.digest && told.digest !== form.dataset.digest) {
      if (edits.length) { await save("changed"); return; }  // refused, since no file is in that state: both are shown
      location.reload(); return;
    }
    if (!edits.length) await refreshFrames();
    return;
  }
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html"), focus = document.activeElement, key = focus && (focus.id || focus.getAttribute("href"));
  const banner = (doc) => { const found = $("main > .banner", doc); return found ? found.textContent : ""; };
  if (!$("iframe")) $("main").replaceChildren(...$("main", made).childNodes);
  else if (banner(made) !== banner(document)) { $("main > .banner") && $("main > .banner").remove(); if (banner(made)) $("main").prepend($("main > .banner", made)); }
  $("header.top").replaceChildren(...$("header.top", made).childNodes);
  await refreshFrames();
  if (key) { const again = document.getElementById(key) || all("a").find((each) => each.getAttribute("href") === key); if (again) again.focus(); }
  wirePress(); say("Updated.");
}

// ---- the editor

const form = $("#form");
let edits = [], more = [], waiting = 0, trying = 0, wrong = false, base = "", saves = 0;  // saves is odd while one is under way

const pathOf = (each) => JSON.parse(each.dataset.path), idOf = (path) => ["f", ...path].join("-");
const message = (told) => ({ base: form.dataset.digest, edits, more, cohort: body.dataset.cohort, ...told });

function state(words, bad = false) { const place = $("#state"); place.textContent = words; place.className = bad ? "wrong" : ""; }

function counted() {
  $("#undo").disabled = !edits.length; $("#save").disabled = !edits.length;
  if (!edits.length) { state("Nothing changed yet"); return; }
  state(wrong ? "Cannot be saved yet: see what to mend" : (edits.length === 1 ? "1 change" : edits.length + " changes") + " not saved yet", wrong);
}

function grow(area) { area.style.height = "auto"; area.style.height = area.scrollHeight + 2 + "px"; }

function typed(control) {
  const path = pathOf(control), last = edits[edits.length - 1], empty = control.value.trim() === "", optional = !control.closest(".one") && !$(".needed", control.closest(".row") || control);
  let edit = ["put", path, control.value];
  if (empty && optional) {
    if (!control.dataset.written) { edits = edits.filter((each) => !(each[0] === "put" && String(each[1]) === String(path))); edit = null; } else edit = ["delete", path];
  }
  if (last && (last[0] === "put" || last[0] === "delete") && String(last[1]) === String(path) && control.dataset.typing) edits.pop();
  if (edit) edits.push(edit);
  control.dataset.typing = "yes"; counted(); later();
}

function later() { clearTimeout(waiting); waiting = setTimeout(() => attempt(false), 350); }

async function attempt(structure) {
  clearTimeout(waiting);
  const turn = ++trying, { status, told } = await ask("/api/draft/" + form.dataset.file, "POST", message());
  if (turn !== trying) return null;
  if (status !== 200) { say(told.error || "The preview could not take that.", 0); return null; }
  wrong = told.refused;
  if (structure && told.form) renew(told.form);
  show(told.problems); counted();
  if (told.views) for (const frame of all("iframe[data-side]")) { const html = told.views[frame.dataset.side]; if (html) fillFrame(frame, html); }
  return told;
}

function renew(html) {
  const open = new Map(all("details[id]", form).map((each) => [each.id, each.open])), holder = document.createElement("div");
  holder.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  all("details[id]", holder).forEach((each) => { if (open.has(each.id)) each.open = open.get(each.id); });
  form.replaceChildren(...holder.childNodes); ready();
}

function ready() { all("textarea", form).forEach(grow); all("[data-path]", form).forEach((each) => { if (each.value) each.dataset.written = "yes"; }); }

function show(problems) {
  all("[aria-invalid]", form).forEach((each) => each.removeAttribute("aria-invalid"));
  all(".said", form).forEach((each) => { each.textContent = ""; each.className = "said"; });
  const elsewhere = [], list = document.createElement("ul");
  for (const told of problems) {
    let id = told.id, place = null;
    while (id && !(place = document.getElementById(id + "-said")) && id.includes("-")) id = id.slice(0, id.lastIndexOf("-"));
    const words = told.what + (told.hint ? " – " + told.hint : "");
    if (place) {
      place.textContent += (place.textContent ? " " : "") + words; if (told.stops) place.classList.add("stops");
      const control = document.getElementById(id); if (told.stops && control && "value" in control) control.setAttribute("aria-invalid", "true");
    } else elsewhere.push(told);
    if (!told.stops) continue;
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = place ? "#" + id : told.href || "#"; link.textContent = (place ? "" : told.file + ": ") + words; item.append(link); list.append(item);
  }
  const summary = $("#summary"), had = !summary.hidden;
  summary.hidden = !list.childNodes.length; summary.replaceChildren(); if (!summary.hidden) { const head = document.createElement("p"); head.textContent = "To mend before it can be saved:"; summary.append(head, list); }
  if (!summary.hidden && !had) say("Something is to be mended before this can be saved.");
}

function reveal(id) {
  const place = document.getElementById(id) || document.getElementById(id + "-new"); if (!place) return false;
  for (let each = place.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
  all("textarea", form).forEach(grow);
  const control = place.matches("input, textarea, select, summary") ? place : place.matches("details") ? $("summary", place) : place;
  control.focus(); control.scrollIntoView({ block: "center" }); return true;
}

async function act(edit, focus, words) {
  edits.push(edit);
  const told = await attempt(true);
  if (told && told.refused && !told.form) { edits.pop(); counted(); say(told.problems[0].what); return; }
  if (told) { focus.some((id) => reveal(id)); say(words); }
}

function add(button) {
  const box = button.closest(".adder"), path = pathOf(box), text = $(".new", box), name = $(".short-name", box), adds = JSON.parse(box.dataset.adds), words = text.value.trim();
  const said = document.getElementById(idOf(path) + "-said");
  const stop = (control, why) => { if (said) { said.textContent = why; said.className = "said stops"; } say(why); control.focus(); };
  if (!words) { stop(text, "Write something first."); return; }
  if (name && !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name.value)) { stop(name, "A short name has small letters, digits and single _, for example: " + shortName(words)); return; }
  const value = adds.length > 1 || box.dataset.sort === "group" ? Object.fromEntries(adds.map((each, place) => [each, place ? each === "minutes" ? "5" : "" : words])) : words;
  const edit = box.dataset.sort === "group" ? ["put", path, value] : ["add", path, box.dataset.sort === "named" ? name.value : Number(box.dataset.count), value];
  const made = box.dataset.sort === "group" ? path : [...path, edit[2]];
  act(edit, [idOf([...made, adds[0] || "x"]), idOf(made)], "Added.");
}

const shortName = (text) => (text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, " ").replace(/^[\s0-9]+/, "").split(" ").filter((word) => word && !/^(the|a|an|of|to|do|you|is|what|how|in|and|it|this|your|that)$/.test(word)).slice(0, 3).join("_") || "a_name").slice(0, 30).replace(/_+$/, "");

async function save(match = form.dataset.digest) {
  if (!edits.length || saves % 2) return;
  saves++;
  try { await saved([...edits], match); } finally { saves++; }
}

async function saved(sent, match) {
  state("Saving …"); clearTimeout(waiting); trying++;
  all("[data-typing]", form).forEach((each) => { delete each.dataset.typing; });  // what is typed from now on is a new edit
  let answer;
  try { answer = await ask("/api/file/" + form.dataset.file, "PUT", message(), { "If-Match": '"' + match + '"' }); }
  catch { state("Not saved: the preview does not answer. What you typed is still here.", true); return; }
  const { status, told } = answer;
  if (status === 200) {
    const focus = document.activeElement && document.activeElement.id;
    form.dataset.digest = told.digest; body.dataset.version = told.version; wrong = false; edits = edits.filter((each) => !sent.includes(each)); $("#conflict").hidden = true;
    if (edits.length) { counted(); later(); return; }  // typed while it was being saved
    if (told.form) renew(told.form);
    show([]); counted(); state("Saved"); say("Saved."); if (focus) { const again = document.getElementById(focus); if (again) again.focus(); } await refreshFrames();
  } else if (status === 412) conflict(told);
  else if (status === 422) { wrong = true; show(told.problems); counted(); const first = $("#summary a"); if (first) first.focus(); }
  else state(told.error || "Not saved. What you typed is still here.", true);
}

function conflict(told) {
  base = told.digest;
  const table = document.createElement("table"), row = (tag, ...cells) => { const line = table.insertRow(); cells.forEach((words, place) => { const cell = document.createElement(tag === "th" || !place ? "th" : "td"); cell.scope = tag === "th" ? "col" : "row"; if (cell.tagName === "TD") cell.removeAttribute("scope"); cell.textContent = words; line.append(cell); }); };
  row("th", "Where", "Yours, not saved", "In the file now"); (told.both || []).forEach((each) => row("td", each.where, each.mine, each.theirs));
  $("#both").replaceChildren(table); $("#conflict").hidden = false; $("#conflict").focus();
  attempt(false).then(() => state("Not saved: the file was changed outside", true));
}

function wireEditor() {
  ready(); counted();
  form.addEventListener("input", (event) => {
    const target = event.target;
    if (target.matches(".lined") && target.value.includes("\n")) target.value = target.value.replace(/\s*\n\s*/g, " ");
    if (target.matches("textarea")) grow(target);
    if (target.dataset.path) typed(target);
    else if (target.matches(".new")) { const name = $(".short-name", target.closest(".adder")); if (name && !name.dataset.own) name.value = target.value.trim() ? shortName(target.value) : ""; }
    else if (target.matches(".short-name")) target.dataset.own = target.value ? "yes" : "";
  });
  form.addEventListener("focusin", (event) => { delete event.target.dataset.typing; });
  form.addEventListener("toggle", (event) => { if (event.target.open) all("textarea", event.target).forEach(grow); }, true);
  form.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches(".new, .short-name")) { event.preventDefault(); add(event.target); } });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button"); if (!button) return;
    if (button.dataset.do === "add") { add(button); return; }
    if (button.dataset.do === "more") { more.push(button.dataset.more); attempt(true).then(() => { const place = document.getElementById(button.dataset.more + "-more"); if (place) { const first = $("input, textarea, select", place); (first || place).focus(); } }); return; }
    const path = pathOf(button), above = path.slice(0, -1), to = Number(button.dataset.to);
    const moved = typeof path[path.length - 1] === "number" ? [...above, to] : path;
    if (button.dataset.do === "delete") act(["delete", path], [idOf(path), idOf(above)], "Deleted. Undo brings it back.");
    if (button.dataset.do === "move") act(["move", path, to], [idOf(moved)], "Moved.");
  });
  $("#summary").addEventListener("click", (event) => { const link = event.target.closest("a[href^='#']"); if (link && reveal(link.getAttribute("href").slice(1))) event.preventDefault(); });
  $("#save").addEventListener("click", () => save());
  $("#undo").addEventListener("click", async () => { const last = edits.pop(); if (last) { await attempt(true); counted(); reveal(idOf(last[1])); say("Undone."); } });
  $("#keep").addEventListener("click", async () => { form.dataset.digest = base; $("#conflict").hidden = true; const told = await attempt(true); if (told && !told.refused) await save(); else state("Your changes do not fit the new file; they are listed above", true); });
  $("#drop").addEventListener("click", () => { edits = []; location.reload(); });
  addEventListener("keydown", (event) => { if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); } });
  addEventListener("beforeunload", (event) => { if (edits.length) event.preventDefault(); });
  all("[data-show]").forEach((button) => button.addEventListener("click", () => {
    all("[data-show]").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
    all("iframe[data-side]").forEach((each) => { each.hidden = each.dataset.side !== button.dataset.show; });
  }));
  const at = () => { if (location.hash.startsWith("#f-")) reveal(location.hash.slice(1)); };
  addEventListener("hashchange", at); document.fonts.ready.then(() => { all("textarea", form).forEach(grow); at(); });
}

// ---- the press

async function watchPress() {
  const { told } = await ask("/api/build"); if (!$("#press-state")) return;
  $(".press").hidden = false;
  const quarter = Math.floor((told.percent || 0) / 25) * 25;  // what is spoken changes at the quarters alone
  $("#press-state").textContent = told.running ? "Making " + told.what + " …" + (quarter ? " " + quarter + " % is done." : "") : told.code === 0 ? "Made " + told.what + " in " + told.seconds + " seconds." : "Nothing was made; see below.";
  const bar = $(".press progress"), far = told.percent === null ? "" : told.percent + " %"; $("#press-far").hidden = !told.running;
  if (far) bar.value = told.percent; else if (told.running) bar.removeAttribute("value");
  $("#press-percent").textContent = far;
  $("#press-doing").textContent = told.doing && told.doing + " (" + told.seconds + " seconds so far)";
  if (told.running) setTimeout(watchPress, 700);
  $("#press-told").replaceChildren(...told.told.map((line) => { const item = document.createElement("li"); item.textContent = line; return item; }));
  all("[data-build]").forEach((each) => { each.disabled = told.running; });
  if (!told.running && told.code === 0 && watching) { watching = false; const made = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html"); all("main > section[aria-labelledby^='c-']").forEach((each) => { const fresh = $("[aria-labelledby='" + each.getAttribute("aria-labelledby") + "']", made); if (fresh) each.replaceWith(document.importNode(fresh, true)); }); wirePress(); }
}
let watching = false;

function wirePress() {
  all("[data-build]").forEach((button) => button.addEventListener("click", async () => {
    const { status, told } = await ask("/api/build", "POST", { cohort: button.dataset.build, only: button.dataset.only });
    if (status === 202) { watching = true; await watchPress(); $(".press").scrollIntoView({ block: "nearest" }); } else say(told.error || "That could not be started.");
  }));
}

if (form) wireEditor();
wirePress();
if ($(".press") && !$(".press").hidden) { watching = true; watchPress(); }
setTimeout(follow, 600);
