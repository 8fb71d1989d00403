"use strict";
// The answers in this browser: one entry for each field, with the time when it was written.
const Store = (() => {
  const program = `mk:${BOOK.cohort}:`;
  const prefix = `${program}${BOOK.edition}:`;
  const ALIVE = "~alive";
  const known = new Set(BOOK.fields.map(field => field[0]));
  const entries = new Map(); // name: [text, time]; also what the browser could not keep
  const listeners = [];
  let state = "kept"; // kept, refused, full

  const isEntry = value => Array.isArray(value) && typeof value[0] === "string"
    && Number.isFinite(value[1]);
  const isKnown = name => known.has(name) || name.startsWith("~");

  function parse(text) {
    try {
      const value = JSON.parse(text);
      return isEntry(value) ? value : null;
    } catch {
      return null;
    }
  }

  function notify(names) {
    for (const listener of listeners) listener(names);
  }

  function fail(fault) {
    const isFull = fault && (fault.name === "QuotaExceededError" || fault.code === 22);
    state = isFull && hasRoomForNone() ? "full" : "refused";
  }

  function hasRoomForNone() {
    try {
      return localStorage.length > 0;
    } catch {
      return false;
    }
  }

  function write(name, entry) {
    try {
      localStorage.setItem(prefix + name, JSON.stringify(entry));
      return true;
    } catch (fault) {
      fail(fault);
      return false;
    }
  }

  // Where the browser was told to forget while this page is open, everything is written again.
  function keepAll() {
    let isKept = true;
    for (const [name, entry] of entries) isKept = write(name, entry) && isKept;
    if (isKept) isKept = write(ALIVE, ["1", 0]);
    if (isKept) state = "kept";
  }

  function put(name, text, time = Date.now()) {
    const before = entries.get(name);
    if (before && before[0] === text) return;
    if (!before && text === "") return;
    entries.set(name, [text, before ? Math.max(time, before[1] + 1) : time]);
    let isAlive = false;
    try {
      isAlive = state === "kept" && localStorage.getItem(prefix + ALIVE) !== null;
    } catch { /* storage is refused */ }
    if (isAlive) write(name, entries.get(name));
    else keepAll();
    notify([name]);
  }

  // Adds entries of a file or of an earlier edition; the newer of two answers stays.
  function merge(added) {
    const result = {taken: 0, kept: 0, lost: 0};
    const changed = [];
    for (const [name, entry] of added) {
      if (!isEntry(entry)) continue;
      if (!isKnown(name)) {
        if (entry[0] !== "") result.lost += 1;
        continue;
      }
      const here = entries.get(name);
      const time = Math.min(entry[1], Date.now());
      const isSame = here ? here[0] === entry[0] : entry[0] === "";
      const isOlder = here && here[1] >= time;
      if (isSame) continue;
      if (isOlder) {
        if (known.has(name)) result.kept += 1;
        continue;
      }
      entries.set(name, [entry[0], time]);
      changed.push(name);
      if (known.has(name)) result.taken += 1;
    }
    if (changed.length) {
      keepAll();
      notify(changed);
    }
    return result;
  }

  function keysOf(start) {
    return Object.keys(localStorage).filter(key => key.startsWith(start));
  }

  function load() {
    try {
      localStorage.setItem(prefix + "~probe", "1");
      localStorage.removeItem(prefix + "~probe");
    } catch (fault) {
      fail(fault);
    }
    try {
      for (const key of keysOf(prefix)) {
        const entry = parse(localStorage.getItem(key));
        const name = key.slice(prefix.length);
        if (entry && name !== ALIVE && isKnown(name)) entries.set(name, entry);
      }
      const earlier = [];
      for (const key of keysOf(program)) {
        if (key.startsWith(prefix)) continue;
        const entry = parse(localStorage.getItem(key));
        const name = key.slice(key.indexOf(":", program.length) + 1);
        if (entry && known.has(name)) earlier.push([name, entry]);
      }
      if (earlier.length) merge(earlier);
    } catch (fault) {
      fail(fault);
    }
  }

  function removeAll() {
    const names = [...entries.keys()];
    entries.clear();
    try {
      for (const key of keysOf(program)) localStorage.removeItem(key);
    } catch { /* nothing was kept */ }
    notify(names);
  }

  addEventListener("storage", event => {
    if (event.key === null || !event.key.startsWith(prefix)) return;
    const name = event.key.slice(prefix.length);
    const entry = event.newValue === null ? null : parse(event.newValue);
    if (name === ALIVE || name === "~probe") return;
    if (event.newValue === null) entries.delete(name);
    else if (entry && isKnown(name)) entries.set(name, entry);
    notify([name]);
  });

  load();
  return {
    put, merge, removeAll,
    text: name => (entries.get(name) || [""])[0],
    entries: () => [...entries],
    answers: () => BOOK.fields.filter(field => (entries.get(field[0]) || [""])[0] !== ""),
    newSince: time => BOOK.fields.filter(field => (entries.get(field[0]) || ["", 0])[1] > time
      && entries.get(field[0])[0] !== "").length,
    listen: listener => listeners.push(listener),
    get state() { return state; },
  };
})();
