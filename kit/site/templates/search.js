/* Readout: search over the published reports, in the reader's browser, without a server. */
"use strict";
(() => {
  const MOST = 50; // reports shown
  const HITS = 3; // lines shown of a report
  const ABOUT = 90; // characters shown on each side of a word
  const field = document.getElementById("q");
  const found = document.getElementById("found");
  const list = document.getElementById("hits");
  const help = found.textContent;
  const isolated = (text) => `\u2068${text}\u2069`;

  // Letters without case, accents and width, so that "CAFÉ" finds "café"; `at` has where each came from.
  const folded = (text) => {
    let plain = "";
    const at = [];
    let offset = 0;
    for (const character of text) {
      const letters = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
      for (let i = 0; i < letters.length; i += 1) at.push(offset);
      plain += letters;
      offset += character.length;
    }
    at.push(offset);
    return { plain, at };
  };
  const fold = (text) => folded(text).plain.replace(/\s+/g, " ").trim();

  const wanted = (query) => {
    const parts = query.match(/["“„«][^"”“»]*["”“»]?|[^\s"“„«]+/g) ?? [];
    return [...new Set(parts.map((part) => fold(part.replace(/["“”„«»]/g, ""))))].filter(Boolean);
  };

  // Each report once: its lines as they are shown, and all of them folded.
  let reports;
  const prepared = () => {
    reports ??= (globalThis.readoutIndex ?? []).map(([title, page, recipe, label, statements, findings]) => {
      const lines = [
        ...statements.map(([topic, text]) => ({ topic, text })),
        ...findings.flatMap(([topic, values]) => values.map((text) => ({ topic, text }))),
      ];
      for (const line of lines) line.plain = fold(line.text);
      const head = fold(`${title} ${recipe} ${label}`);
      return { title, page, recipe, label, lines, head, all: [head, ...lines.map((l) => l.plain)].join("\n") };
    });
    return reports;
  };

  // How much of what is wanted stands in the title, then on the first page: more is better.
  const rank = (report, words) => words.filter((word) => report.head.includes(word)).length;

  const search = (words) => prepared()
    .filter((report) => words.every((word) => report.all.includes(word)))
    .map((report, order) => ({ report, order, rank: rank(report, words) }))
    .sort((a, b) => b.rank - a.rank || a.order - b.order)
    .map((ranked) => ranked.report);

  // A line of text with what is wanted marked; a long one is cut about the first of it.
  const marked = (text, words) => {
    const { plain, at } = folded(text);
    const places = [];
    for (const word of words) {
      for (let i = plain.indexOf(word); i >= 0; i = plain.indexOf(word, i + word.length)) {
        places.push([at[i], at[i + word.length]]);
      }
    }
    places.sort((a, b) => a[0] - b[0]);
    let start = 0;
    let end = text.length;
    if (text.length > 3 * ABOUT) {
      start = places.length ? Math.max(0, places[0][0] - ABOUT) : 0;
      if (start) start = Math.max(start, text.lastIndexOf(" ", start + 20) + 1) || start;
      end = Math.min(text.length, start + 3 * ABOUT);
    }
    const line = document.createElement("bdi");
    let done = start;
    if (start) line.append("… ");
    for (const [from, to] of places) {
      if (from < done || to > end) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(from, to);
      line.append(text.slice(done, from), mark);
      done = to;
    }
    line.append(text.slice(done, end), end < text.length ? " …" : "");
    return line;
  };

  const shown = (report, words) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = report.page;
    link.append(marked(report.title || report.label, words));
    const line = document.createElement("p");
    line.className = "line";
    line.textContent = `${isolated(report.recipe)} · ${isolated(report.label)}`;
    item.append(link, line);
    const lines = report.lines
      .map((l, order) => ({ l, order, many: words.filter((word) => l.plain.includes(word)).length }))
      .filter((l) => l.many)
      .sort((a, b) => b.many - a.many || a.order - b.order)
      .slice(0, HITS);
    if (lines.length) {
      const hits = document.createElement("ul");
      for (const { l } of lines) {
        const hit = document.createElement("li");
        hit.append(`${isolated(l.topic)}: `, marked(l.text, words));
        hits.append(hit);
      }
      item.append(hits);
    }
    return item;
  };

  const told = (count) => {
    if (!count) return "No report has all of these words.";
    const reportsSaid = count === 1 ? "1 report" : `${count} reports`;
    return count > MOST ? `${reportsSaid}, of which the first ${MOST} are shown.` : `${reportsSaid}.`;
  };

  const run = () => {
    const words = wanted(field.value);
    const hits = words.length ? search(words) : [];
    list.replaceChildren(...hits.slice(0, MOST).map((report) => shown(report, words)));
    found.textContent = words.length ? told(hits.length) : help;
  };

  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(run, 150);
  });
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  run();
})();
