"use strict";
// The file with everything: readable at its top, data with a check sum below.
const AnswerFile = (() => {
  const START = "mentorkit answers, format 1";
  const DATA = "mentorkit data";
  const END = "mentorkit end";
  const BLANKS = /[\t\n\v\f\r \u00a0\ufeff]+/g;
  const LARGEST = 5e6;

  const table = Array.from({length: 256}, (_, number) => {
    for (let bit = 0; bit < 8; bit += 1) {
      number = number & 1 ? (number >>> 1) ^ 0xedb88320 : number >>> 1;
    }
    return number >>> 0;
  });

  // CRC-32 of the text without its blanks, so that other line ends and lengths do no harm.
  function checkSum(text) {
    let sum = 0xffffffff;
    for (const byte of new TextEncoder().encode(text.replace(BLANKS, ""))) {
      sum = (sum >>> 8) ^ table[(sum ^ byte) & 255];
    }
    return ((sum ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
  }

  function toBase64(text) {
    let signs = "";
    for (const byte of new TextEncoder().encode(text)) signs += String.fromCharCode(byte);
    return btoa(signs);
  }

  function fromBase64(text) {
    return new TextDecoder("utf-8", {fatal: true})
      .decode(Uint8Array.from(atob(text), sign => sign.charCodeAt(0)));
  }

  const shown = (text, choices) => choices && text in choices ? choices[text] : text;

  function make(about) {
    const lines = [START, "", BOOK.title, "", about, ""];
    let page = null;
    for (const [name, label, , number, , choices] of Store.answers()) {
      if (number !== page) {
        page = number;
        if (number >= 0) lines.push(`== ${BOOK.pages[number][1]} ==`, "");
      }
      lines.push(`${label}:`, ...shown(Store.text(name), choices).split("\n").map(line => `    ${line}`), "");
    }
    const data = {
      mentorkit: 1,
      cohort: BOOK.cohort,
      edition: BOOK.edition,
      release: BOOK.release,
      document: BOOK.document,
      packet: Store.text("~packet"),
      side: "",
      fields: BOOK.fields.map(field => field[0]),
      returned: BOOK.fields.flatMap((field, number) => field[4] ? [number] : []),
      entries: Store.entries(),
    };
    lines.push(DATA, ...toBase64(JSON.stringify(data)).match(/.{1,76}/g));
    const text = lines.join("\n");
    return `${text}\n${END} ${checkSum(text)}\n`;
  }

  function decode(bytes) {
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
    try {
      return new TextDecoder(encoding, {fatal: true}).decode(bytes);
    } catch {
      return new TextDecoder("windows-1252").decode(bytes);
    }
  }

  // Returns {entries, edition} or {fault}: large, foreign, damaged.
  function read(bytes) {
    if (bytes.length > LARGEST) return {fault: "large"};
    const text = decode(bytes);
    const start = text.indexOf(START);
    if (start < 0) return {fault: "foreign"};
    const end = text.lastIndexOf(END);
    const data = text.lastIndexOf(DATA, end);
    const sum = /^[ \t\r\n\u00a0]*([0-9a-f]{8})/.exec(text.slice(end + END.length));
    if (end < 0 || data < start || !sum) return {fault: "damaged"};
    if (checkSum(text.slice(start, end)) !== sum[1]) return {fault: "damaged"};
    try {
      const block = text.slice(data + DATA.length, end).replace(BLANKS, "");
      const value = JSON.parse(fromBase64(block));
      if (value.cohort !== BOOK.cohort || value.document !== BOOK.document) {
        return {fault: "foreign"};
      }
      const isList = Array.isArray(value.entries)
        && value.entries.every(item => Array.isArray(item) && typeof item[0] === "string");
      return isList ? {entries: value.entries, edition: value.edition} : {fault: "damaged"};
    } catch {
      return {fault: "damaged"};
    }
  }

  return {make, read};
})();
