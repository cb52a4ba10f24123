(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (id) => document.getElementById(id);
  const options = { mode: "vega-lite", ast: true, actions: false, renderer: "svg", tooltip: { theme: "omniid" } };
  let waiting = 0;

  // Charts: each is drawn when it comes near the view, so that the page opens at once.
  const draw = (place, spec) => {
    waiting += 1;
    return window.vegaEmbed(place, spec, options).then((made) => {
      waiting -= 1;
      const svg = place.querySelector("svg");
      if (svg) { svg.setAttribute("aria-hidden", "true"); svg.setAttribute("focusable", "false"); }
      place.dataset.drawn = String(waiting);
      return made;
    });
  };
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watch.unobserve(entry.target);
      draw(entry.target, data.charts[entry.target.dataset.chart]);
    }
  }, { rootMargin: "300px" });
  for (const place of document.querySelectorAll("[data-chart]")) watch.observe(place);

  // Wide tables scroll, and only those are stops of the tab key.
  const settle = () => {
    for (const one of document.querySelectorAll(".scroll, .pan")) {
      if (!one.checkVisibility()) continue; // in closed details: measuring it would lay it out
      if (one.scrollWidth > one.clientWidth + 1) one.tabIndex = 0;
      else one.removeAttribute("tabindex");
    }
  };
  for (const one of document.querySelectorAll("details")) one.addEventListener("toggle", settle);
  window.addEventListener("resize", settle);
  (window.requestIdleCallback || setTimeout)(settle);

  // Theme: system, light, dark.
  const themes = ["system", "light", "dark"];
  const button = one("theme");
  const chosen = () => document.documentElement.dataset.theme || "system";
  const named = () => { button.textContent = `Theme: ${chosen()}`; };
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(chosen()) + 1) % themes.length];
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try { localStorage.setItem("omniid-theme", next); } catch { /* kept for this visit only */ }
    named();
  });
  named();

  // A link to a person opens the card.
  const open = () => {
    const target = location.hash.startsWith("#e-") ? one(location.hash.slice(1)) : null;
    if (!target || target.tagName !== "DETAILS") return;
    target.open = true;
    target.querySelector("summary").focus({ preventScroll: true });
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", open);
  for (const link of document.querySelectorAll('a[href^="#e-"]')) {
    link.addEventListener("click", () => { if (location.hash === link.hash) open(); });
  }
  open();

  // Pair by pair.
  const pairs = data.pairs;
  if (!pairs || !pairs.groups.length) return;
  const group = one("pick-group"), pick = one("pick-pair"), place = one("waterfall");
  const bits = (x) => (Math.round(x * 10) / 10 < 0 ? "−" : "+") + Math.abs(x).toFixed(1);
  const option = (value, text) => { const made = document.createElement("option"); made.value = value; made.textContent = text; return made; };
  const named_pair = (pair) => `${pair.left} ~ ${pair.right} (${bits(pair.weight)} bits)`;
  pairs.groups.forEach((it, at) => group.append(option(at, it.name)));
  const fill = () => pick.replaceChildren(...pairs.groups[group.value].pairs.map((at) => option(at, named_pair(pairs.pairs[at]))));

  const steps = (pair) => {
    let before = 0;
    const lines = pair.lines.map(([field, , , level, , , , , total], at) => {
      const step = { name: field, level, start: before, end: total, said: bits(total - before), speaks: total >= before ? "for" : "against", at };
      before = total;
      return step;
    });
    return [...lines, { name: "match weight", level: "", start: 0, end: before, said: bits(before), speaks: "total", at: lines.length }];
  };
  const cells = (line) => line.map((cell, at) => {
    const made = document.createElement(at ? "td" : "th");
    if (!at) made.scope = "row";
    if (at > 3) made.className = "n";
    made.textContent = typeof cell === "number" ? (at === 7 && !cell ? "" : bits(cell)) : cell;
    return made;
  });
  let shown = false;
  const show = () => {
    const pair = pairs.pairs[pick.value];
    one("pair-name").textContent = `${pair.left} ~ ${pair.right}`;
    one("pair-verdict").textContent = pair.verdict;
    one("pair-lines").replaceChildren(...pair.lines.map((line) => {
      const row = document.createElement("tr");
      row.append(...cells(line));
      return row;
    }));
    const silent = pair.silent.length ? [`Nothing to compare in ${pair.silent.join(", ")}`] : [];
    one("pair-notes").replaceChildren(...[...pair.notes, ...silent].map((note) => {
      const made = document.createElement("li");
      made.textContent = `${note}.`;
      return made;
    }));
    if (!shown) return;
    const spec = structuredClone(data.charts.waterfall);
    spec.height = 25 * (pair.lines.length + 1);
    spec.datasets = { lines: steps(pair), cut: [{ at: pairs.link_at }] };
    draw(place, spec);
  };
  new IntersectionObserver((entries, seen) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    shown = true;
    show();
  }, { rootMargin: "300px" }).observe(place);
  group.addEventListener("change", () => { fill(); show(); });
  pick.addEventListener("change", show);
  fill();
  show();
  for (const ask of document.querySelectorAll("[data-pair]")) {
    ask.addEventListener("click", () => {
      const at = Number(ask.dataset.pair);
      const home = pairs.groups.findIndex((it) => it.pairs.includes(at));
      const card = ask.closest("details.card");
      const own = card ? pairs.groups.findIndex((it) => it.id === card.id && it.pairs.includes(at)) : -1;
      group.value = own >= 0 ? own : home;
      fill();
      pick.value = at;
      show();
      one("h-pairs").focus({ preventScroll: true });
      one("pairs").scrollIntoView();
    });
  }
})();
