"use strict";
// Search over everything: beginnings of words, accents folded, numbers of pages of the book.
(() => {
  const words = BOOK.words;
  const MOST = 30;
  let index = null; // sorted list of [word, numbers of entries]

  const fold = text => text.toLowerCase().normalize("NFKD").replace(/\p{M}|['’]/gu, "")
    .split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  function unpack() {
    let word = "";
    return SEARCH.words.split("\n").map(line => {
      const [part, steps] = line.split(" ");
      word = word.slice(0, parseInt(part[0], 36)) + part.slice(1);
      let number = 0;
      return [word, steps.split(".").map(step => number += parseInt(step, 36))];
    });
  }

  function matches(start) {
    let low = 0, high = index.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (index[middle][0] < start) low = middle + 1;
      else high = middle;
    }
    const found = new Map();
    for (; low < index.length && index[low][0].startsWith(start); low += 1) {
      const weight = index[low][0] === start ? 2 : 1;
      for (const number of index[low][1]) {
        found.set(number, Math.max(weight, found.get(number) || 0));
      }
    }
    return found;
  }

  function search(text) {
    index = index || unpack();
    const typed = fold(text);
    // Words that stand nearly everywhere are not in the index.
    const wanted = typed.filter(word => !SEARCH.common.includes(word));
    if (!wanted.length) return [];
    let scores = matches(wanted[0]);
    for (const word of wanted.slice(1)) {
      const more = matches(word);
      scores = new Map([...scores].filter(([number]) => more.has(number))
        .map(([number, score]) => [number, score + more.get(number)]));
    }
    const inTitle = number => {
      const title = fold(SEARCH.entries[number][1]);
      return wanted.every(word => title.some(other => other.startsWith(word))) ? 10 : 0;
    };
    const found = [...scores].map(([number, score]) => [number, score + inTitle(number)])
      .sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([number]) => SEARCH.entries[number]);
    const page = /^\d+$/.test(text.trim()) && SEARCH.pages[text.trim()];
    const shown = page ? [[page, words.web_book_page.replace("{page}", text.trim())]] : [];
    return [...shown, ...found].slice(0, MOST);
  }

  const dialog = document.createElement("dialog");
  dialog.className = "search";
  dialog.setAttribute("aria-label", words.web_search);
  const box = document.createElement("input");
  box.type = "text"; // a search field takes Escape for itself
  box.enterKeyHint = "search";
  box.className = "f";
  box.autocomplete = "off";
  box.setAttribute("aria-label", words.web_search_label);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn";
  close.textContent = words.web_close;
  const count = document.createElement("p");
  count.className = "hint";
  count.setAttribute("role", "status");
  const list = document.createElement("ol");
  const bar = document.createElement("div");
  bar.className = "row";
  bar.append(box, close);
  dialog.append(bar, count, list);
  document.body.append(dialog);

  function show() {
    const found = search(box.value);
    list.replaceChildren(...found.map(([address, title]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = address;
      link.textContent = title;
      const page = (BOOK.pages.find(one => one[0] === address.split("#")[0]) || [])[1];
      if (page && page !== title) {
        const small = document.createElement("small");
        small.textContent = page;
        link.append(small);
      }
      link.addEventListener("click", () => dialog.close());
      item.append(link);
      return item;
    }));
    count.textContent = !box.value.trim() ? ""
      : found.length ? words.web_search_found.replace("{count}", found.length)
        : words.web_search_none;
  }

  function open() {
    dialog.showModal();
    box.focus();
    if (typeof SEARCH !== "undefined") return show();
    const script = document.createElement("script");
    script.src = BOOK.search;
    script.addEventListener("load", show);
    document.head.append(script);
    return undefined;
  }

  box.addEventListener("input", () => { if (typeof SEARCH !== "undefined") show(); });
  close.addEventListener("click", () => dialog.close());
  const button = document.querySelector("#search-button");
  button.addEventListener("click", open);
  document.addEventListener("keydown", event => {
    const isTyping = event.target.closest("textarea, input, select");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });
})();
