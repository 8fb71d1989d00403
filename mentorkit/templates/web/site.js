"use strict";
// Fields, states, marks, and the page My answers. Everything that needs script is shown by it.
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = BOOK.words;
  const phrase = (key, slots = {}) =>
    words[key].replace(/\{(\w+)\}/g, (all, name) => name in slots ? String(slots[name]) : all);
  const root = document.documentElement;
  const pageNumber = Number(root.dataset.page);
  const fields = new Map(BOOK.fields.map(field => [field[0], field]));
  const controls = findAll("textarea[name], input[name]").filter(el => fields.has(el.name));
  const clock = () => new Date().toLocaleTimeString([], {hour: "2-digit", minute: "2-digit"});
  let spoken = 0;

  // Whose it is: from a personal link. What stands after # never reaches a server.
  const packet = /^#packet=([^/]+\/[^/]+\/[A-Z])$/.exec(decodeURIComponent(location.hash));
  if (packet && packet[1].startsWith(`${BOOK.cohort}/`)) Store.put("~packet", packet[1]);
  if (packet) history.replaceState(null, "", location.pathname + location.search);

  const element = (tag, className, text = "") => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  };
  const icon = name => {
    const made = element("span", `i i-${name}`);
    made.setAttribute("aria-hidden", "true");
    return made;
  };
  const barButton = (id, label, sign, text) => {
    const made = element("button", "");
    made.type = "button";
    made.id = id;
    made.setAttribute("aria-label", label);
    made.append(icon(sign), ...(text ? [element("span", "wide", text)] : []));
    find(".bar .b").before(made);
    return made;
  };
  barButton("search-button", words.web_search_label, "find", words.web_search);
  const saved = element("p", "saved");
  const answersLink = element("a", "");
  answersLink.href = "answers.html";
  answersLink.append(icon("ok"), element("span", ""), element("span", "go2", words.web_answers));
  answersLink.children[1].id = "saved-count";
  saved.append(answersLink);
  find("#main").append(saved);

  // Light or dark
  const look = barButton("look-button", words.web_look, "moon");
  const showLook = () => look.setAttribute("aria-pressed", root.dataset.theme === "dark");
  showLook();
  look.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("mk-look", root.dataset.theme); } catch { /* not remembered */ }
    showLook();
  });

  // Fields
  const read = el => el.type === "checkbox" ? (el.checked ? "yes" : "")
    : el.type === "radio"
      ? (find(`input[name="${el.name}"]:checked`) || {value: ""}).value : el.value;
  const show = el => {
    const text = Store.text(el.name);
    if (el.type === "checkbox") el.checked = text === "yes";
    else if (el.type === "radio") {
      el.checked = el.value === text;
      if (el.checked) find(".clear", boxOf(el)).hidden = false;
    } else if (el.value !== text) {
      el.value = text;
      grow(el);
    }
  };
  const isGrowing = CSS.supports("field-sizing", "content");
  const grow = el => {
    if (isGrowing || el.tagName !== "TEXTAREA") return;
    el.classList.add("grows");
    el.rows = Math.max(Number(el.dataset.rows || el.rows), el.value.split("\n").length);
    while (el.scrollHeight > el.clientHeight + 2 && el.rows < 60) el.rows += 1;
  };
  const announce = text => {
    if (Date.now() - spoken < 3e4) return;
    spoken = Date.now();
    find("#state").textContent = text;
  };
  const boxOf = el => el.closest(".q, .pair, .lines, .sm");
  // Below a field: whose the answer is, when it was saved, and the way to clear a scale.
  const addFoot = el => {
    const box = boxOf(el);
    if (!box || find(":scope > .foot", box)) return;
    const isReturned = fields.get(el.name)[4] === 1;
    const foot = element("p", "foot");
    const whose = element("span", "");
    whose.append(icon(isReturned ? "back" : "lock"),
      element("span", "w", isReturned ? words.web_may_return : words.web_yours_alone));
    foot.append(whose, element("span", "sv"));
    if (el.type === "radio") {
      const clear = element("button", "clear", words.web_clear);
      clear.type = "button";
      clear.hidden = true;
      clear.append(element("span", "vh", ` ${words.web_clear_line}`));
      foot.append(clear);
    }
    box.append(foot);
  };
  const said = (el, text) => {
    const box = boxOf(el);
    const place = box && find(":scope > .foot .sv", box);
    if (place) place.textContent = text;
  };
  const waiting = new Map();
  const save = el => {
    clearTimeout(waiting.get(el));
    waiting.delete(el);
    if (Store.text(el.name) === read(el)) return;
    Store.put(el.name, read(el));
    Store.put("~last", location.pathname.split("/").pop());
    if (Store.state !== "kept") return;
    said(el, phrase("web_saved", {time: clock()}));
    announce(words.web_saved_aloud);
  };
  const flush = () => [...waiting.keys()].forEach(save);
  for (const el of controls) {
    if (el.tagName === "TEXTAREA") el.dataset.rows = el.rows;
    addFoot(el);
    show(el);
  }
  document.addEventListener("input", event => {
    const el = event.target;
    if (!fields.has(el.name)) return;
    grow(el);
    if (el.type === "radio") find(".clear", boxOf(el)).hidden = false;
    clearTimeout(waiting.get(el));
    const isText = el.type !== "radio" && el.type !== "checkbox";
    if (isText) waiting.set(el, setTimeout(save, 400, el));
    else save(el);
  });
  document.addEventListener("change", event => {
    if (fields.has(event.target.name)) save(event.target);
  });
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", flush);
  document.addEventListener("click", event => {
    const clear = event.target.closest(".clear");
    if (!clear) return;
    const radios = findAll("input[type=radio]", clear.closest("fieldset"));
    for (const radio of radios) radio.checked = false;
    Store.put(radios[0].name, "");
    said(radios[0], words.web_cleared);
    clear.hidden = true;
    radios[0].focus();
  });

  // Marks in stories
  for (const story of findAll("[data-marks]")) {
    for (const [index, mark] of findAll(".mark", story).entries()) {
      const name = `~mark ${story.dataset.marks} ${index + 1}`;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "mark";
      button.textContent = mark.textContent;
      button.dataset.store = name;
      button.setAttribute("aria-label", phrase("web_mark", {number: index + 1}));
      button.setAttribute("aria-pressed", Store.text(name) === "yes");
      mark.replaceWith(button);
      button.addEventListener("click", () => {
        Store.put(name, Store.text(name) === "yes" ? "" : "yes");
      });
    }
  }

  // The state of each page: not begun, begun, done
  const doneName = number => `~done ${BOOK.pages[number][0]}`;
  const stateOf = number => {
    const own = BOOK.fields.filter(field => field[3] === number);
    const count = own.filter(field => Store.text(field[0]) !== "").length;
    if (Store.text(doneName(number)) === "yes") return ["done", words.web_state_done];
    return count ? ["begun", phrase("web_state_begun", {count, all: own.length})]
      : ["", words.web_state_none];
  };
  const done = find("#done");
  if (done) {
    find(".done-row").hidden = false;
    done.addEventListener("click", () => {
      Store.put(doneName(pageNumber), Store.text(doneName(pageNumber)) === "yes" ? "" : "yes");
    });
  }

  const warn = () => {
    const box = find("#storage");
    const key = {refused: "web_refused", full: "web_full"}[Store.state];
    box.hidden = !key;
    if (key && box.dataset.said !== key) {
      box.dataset.said = key;
      const link = document.createElement("a");
      link.href = "answers.html";
      link.textContent = words.web_keep;
      box.replaceChildren(words[key], " ", ...(pageNumber === -2 ? [] : [link]));
    }
    if (!key) delete box.dataset.said;
  };

  function refresh(names) {
    for (const el of controls) {
      if (names && names.includes(el.name) && el !== document.activeElement) show(el);
      if (names && names.includes(el.name) && document.hidden) show(el);
    }
    for (const button of findAll("button.mark")) {
      button.setAttribute("aria-pressed", Store.text(button.dataset.store) === "yes");
    }
    for (const el of findAll("[data-state]")) {
      el.textContent = stateOf(Number(el.dataset.state))[1];
    }
    for (const el of findAll("[data-state-of]")) {
      el.className = stateOf(Number(el.dataset.stateOf))[0];
    }
    if (done) done.setAttribute("aria-pressed", Store.text(doneName(pageNumber)) === "yes");
    const count = Store.answers().length;
    const text = count === 1 ? words.web_count_one
      : count ? phrase("web_count", {count}) : words.web_count_none;
    saved.hidden = !count || Store.state !== "kept";
    find("#saved-count").textContent = text;
    const fresh = Store.newSince(Number(Store.text("~kept")) || 0);
    const sitting = find("#sitting");
    if (sitting) {
      sitting.hidden = !fresh;
      find("#sitting-count").textContent = fresh === 1 ? words.web_new_answer
        : phrase("web_new_answers", {count: fresh});
    }
    const last = BOOK.pages.find(page => page[0] === Store.text("~last"));
    const resume = find("#resume");
    if (resume && last) {
      const link = document.createElement("a");
      link.className = "btn go";
      link.href = last[0];
      link.textContent = phrase("web_resume", {title: last[1]});
      resume.replaceChildren(link);
      resume.hidden = false;
    }
    warn();
    if (find("#answers-tools")) refreshAnswers(count, text);
  }

  // The page My answers
  const fileName = () => {
    const now = new Date();
    const two = number => String(number).padStart(2, "0");
    const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    return phrase("web_keep_file", {date});
  };
  function refreshAnswers(count, text) {
    find("#answers-tools").hidden = false;
    find("#answers-count").textContent = text;
    find("#keep-name").textContent = fileName();
    find("#keep-count").textContent = phrase("web_keep_count", {count});
    find("#delete").disabled = !Store.entries().length;
    const isSafari = /^((?!chrome|android|crios|fxios).)*safari/i.test(navigator.userAgent);
    find("#safari").hidden = !isSafari;
  }
  const keepFile = () => {
    const address = URL.createObjectURL(
      new Blob([AnswerFile.make(words.web_file_about)], {type: "text/plain"}));
    const link = document.createElement("a");
    link.href = address;
    link.download = fileName();
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 6e4);
    Store.put("~kept", String(Date.now()));
    find("#state").textContent = words.web_kept;
    find("#keep-count").textContent = words.web_kept;
  };
  const goOn = async input => {
    const file = input.files[0];
    if (!file) return;
    const result = find("#go-on-result");
    const isLarge = file.size > 5e6;
    const found = isLarge ? {fault: "large"}
      : AnswerFile.read(new Uint8Array(await file.arrayBuffer()));
    input.value = "";
    if (found.fault) {
      result.textContent = words[`web_file_${found.fault}`];
      return;
    }
    const {taken, kept, lost} = Store.merge(found.entries.map(([name, entry]) => [name, entry]));
    const old = found.edition !== BOOK.edition && lost
      ? ` ${phrase("web_old_edition", {lost})}` : "";
    result.textContent = phrase("web_taken", {taken, kept}) + old;
  };
  if (find("#answers-tools")) {
    find("#keep").addEventListener("click", keepFile);
    find("#go-on").addEventListener("change", event => goOn(event.target));
    const dialog = find("#delete-dialog");
    find("#delete").addEventListener("click", () => {
      const count = Store.answers().length;
      find("#delete-question").textContent = phrase("web_delete_question", {count});
      find("#delete-yes").textContent = phrase("web_delete_yes", {count});
      dialog.showModal();
      find("#delete-no").focus();
    });
    find("#delete-no").addEventListener("click", () => dialog.close());
    find("#delete-yes").addEventListener("click", () => {
      const count = Store.answers().length;
      Store.removeAll();
      dialog.close();
      find("#state").textContent = phrase("web_deleted", {count});
      find("#answers-count").textContent = phrase("web_deleted", {count});
    });
  }

  // Folds open for print, as the style sheet cannot open them everywhere.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = findAll("details:not([open])");
    for (const fold of folded) fold.open = true;
  });
  addEventListener("afterprint", () => folded.forEach(fold => { fold.open = false; }));

  if ("serviceWorker" in navigator && location.protocol.startsWith("http")) {
    navigator.serviceWorker.register("sw.js").catch(() => { /* it works online alone */ });
  }
  Store.listen(refresh);
  refresh(null);
  controls.forEach(grow);
})();
