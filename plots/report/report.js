// What a page adds where scripts run: values under pictures, and a switch between runs
// that have been made. All text goes in as text.
"use strict";
(() => {
  const svgNS = "http://www.w3.org/2000/svg";

  // make gives an element with its properties and children.
  function make(tag, props, ...children) {
    const e = document.createElement(tag);
    Object.assign(e, props);
    e.append(...children);
    return e;
  }
  function draw(tag, attributes, ...children) {
    const e = document.createElementNS(svgNS, tag);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    e.append(...children);
    return e;
  }
  function swatch(color) {
    const s = draw("svg", {class: "swatch", width: 10, height: 10, "aria-hidden": "true"});
    s.append(draw("rect", {width: 10, height: 10, fill: color}));
    return s;
  }
  // pair is a name with its value.
  function pair(name, color, value) {
    const term = make("dt", {dir: "auto"}, name);
    if (color) term.prepend(swatch(color), " ");
    return make("div", {}, term, make("dd", {}, value));
  }
  const clamp = (v, low, high) => Math.max(low, Math.min(high, v));

  // slider walks along points and tells show which one is looked at. It is the keyboard's
  // and the screen reader's way to what the pointer finds on the picture.
  function slider(id, label, points, describe, show) {
    const input = make("input", {type: "range", id: id, min: 0, max: points.length - 1, value: points.length - 1});
    const at = make("output", {dir: "auto"});
    at.htmlFor.add(id);
    const go = (i) => {
      input.value = i;
      at.textContent = points[i];
      input.setAttribute("aria-valuetext", points[i] + ": " + describe(i));
      show(i);
    };
    input.addEventListener("input", () => go(Number(input.value)));
    return {element: make("div", {className: "slide"}, make("label", {htmlFor: id}, label), input, at), go};
  }

  // follow calls go with the point under the pointer, which stands between two shares of
  // the width.
  function follow(area, count, first, last, go) {
    const seek = (e) => {
      const box = area.getBoundingClientRect();
      const share = ((e.clientX - box.left) / box.width - first()) / (last() - first());
      go(Math.round(clamp(share, 0, 1) * (count - 1)));
    };
    area.addEventListener("pointermove", seek);
    area.addEventListener("pointerdown", seek);
  }

  function readout(box) {
    const figure = box.closest("figure"), frame = figure.querySelector(".frame");
    const data = JSON.parse(figure.querySelector("script").textContent);
    const cursor = make("div", {className: "cursor", hidden: true});
    const values = make("dl");
    frame.append(cursor);
    const describe = (i) => data.Lines.filter((l) => l.Values[i]).map((l) => l.Name + " " + l.Values[i]).join("; ");
    const s = slider(figure.id + "-at", "Values at", data.Points, describe, (i) => {
      const share = data.Points.length > 1 ? i / (data.Points.length - 1) : 0;
      cursor.hidden = false;
      cursor.style.left = 100 * (data.First + share * (data.Last - data.First)) + "%";
      values.replaceChildren(...data.Lines.filter((l) => l.Values[i]).map((l) => pair(l.Name, l.Color, l.Values[i])));
    });
    box.append(s.element, values);
    s.go(data.Points.length - 1);
    cursor.hidden = true;
    follow(frame, data.Points.length, () => data.First, () => data.Last, s.go);
  }

  const usd = (v) => (v >= 1e6 ? "$" + +(v / 1e6).toPrecision(4) + "m" : v >= 1e4 ? "$" + +(v / 1e3).toPrecision(4) + "k" : "$" + +v.toPrecision(4));

  // ticks are round values, about four of them.
  function ticks(low, high) {
    const rough = (high - low) / 4 || 1, size = 10 ** Math.floor(Math.log10(rough));
    const step = size * [1, 2, 5, 10].find((m) => m * size >= rough);
    const list = [];
    for (let v = Math.ceil(low / step) * step; high >= v; v += step) list.push(v);
    return list;
  }

  // path draws a line with gaps where there is no price.
  function path(prices, x, y, attributes) {
    let d = "", pen = "M";
    prices.forEach((v, i) => {
      if (v === null) { pen = "M"; return; }
      d += pen + x(i).toFixed(1) + " " + y(v).toFixed(1);
      pen = "L";
    });
    return draw("path", {d: d || "M0 0", fill: "none", ...attributes});
  }

  // choice is a set of radio buttons or boxes with a legend.
  function choice(type, name, legend, entries, change) {
    const set = make("fieldset", {}, make("legend", {}, legend));
    entries.forEach((e, i) => {
      const input = make("input", {type, name, checked: e.checked, value: i});
      input.addEventListener("change", change);
      const label = make("label", {dir: "auto"}, input, " ");
      if (e.color) label.append(swatch(e.color), " ");
      label.append(e.name);
      if (e.what) label.append(" ", make("small", {}, "(" + e.what + ")"));
      set.append(label);
    });
    return set;
  }

  // estimate sets the interval of a number apart, as tables of the page have it.
  function estimate(text) {
    const at = text.indexOf(" [");
    return at > 0 ? [text.slice(0, at), " ", make("span", {className: "interval"}, text.slice(at + 1))] : [text];
  }

  // table fills rows whose first cell is their heading.
  function table(caption, head, rows) {
    const t = make("table", {}, make("caption", {}, caption),
      make("thead", {}, make("tr", {}, ...head.map((h, i) => make("th", {scope: "col", className: i > 0 ? "number" : ""}, h)))));
    t.append(make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((c, i) =>
      i > 0 ? make("td", {className: "number"}, ...estimate(c)) : make("th", {scope: "row", dir: "auto"}, c))))));
    return t;
  }

  function runs(box) {
    const data = JSON.parse(box.querySelector("script").textContent), base = data.Runs[0];
    let asset = 0, chosen = Math.min(1, data.Runs.length - 1), at = data.Points.length - 1;
    const chart = make("div", {className: "chart"}), cursor = make("div", {className: "cursor"});
    const values = make("dl"), scroll = make("div", {className: "scroll"}), said = make("p", {className: "said", role: "status"});
    let first = 0, last = 1;

    function render() {
      const run = data.Runs[chosen], lines = [base.Prices[asset], run.Prices[asset]];
      const all = data.Runs.flatMap((r) => r.Prices[asset]).filter((v) => v !== null);
      const width = chart.clientWidth || 600, height = 240, left = 52, right = 10, top = 10, bottom = 24;
      let low = Math.min(...all), high = Math.max(...all);
      if (low === high) { low *= .99; high *= 1.01; }
      const n = data.Points.length;
      const x = (i) => left + (width - left - right) * (n > 1 ? i / (n - 1) : 0);
      const y = (v) => top + (height - top - bottom) * (high - v) / (high - low);
      first = left / width;
      last = 1 - right / width;
      const picture = draw("svg", {width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
        "aria-label": `Price of ${data.Assets[asset]}: ${base.Name}, beside ${run.Name}`});
      for (const v of ticks(low, high)) {
        picture.append(draw("line", {x1: left, x2: width - right, y1: y(v), y2: y(v), stroke: "#e6e6e6"}),
          draw("text", {x: left - 6, y: y(v) + 4, "text-anchor": "end"}, usd(v)));
      }
      picture.append(draw("text", {x: left, y: height - 6}, data.Points[0]),
        draw("text", {x: width - right, y: height - 6, "text-anchor": "end"}, data.Points[n - 1]),
        path(lines[0], x, y, {stroke: base.Color, "stroke-width": 1.75}));
      if (chosen > 0) picture.append(path(lines[1], x, y, {stroke: run.Color, "stroke-width": 2.25}));
      chart.replaceChildren(picture, cursor);
      const shown = chosen > 0 ? [base, run] : [base];
      const rows = base.Outcomes.map((o) => {
        const own = run.Outcomes.find((r) => r.Name === o.Name);
        return chosen > 0 ? [o.Name, o.Value, own ? own.Value : "–", own ? own.Difference || "–" : "–"] : [o.Name, o.Value];
      });
      const head = chosen > 0 ? ["Outcome", base.Name, run.Name, base.Name + " minus " + run.Name] : ["Outcome", base.Name];
      scroll.replaceChildren(table("Outcomes: " + shown.map((r) => r.Name).join(", "), head, rows));
      look(at);
    }
    const price = (r, i) => (r.Prices[asset][i] === null ? "–" : usd(r.Prices[asset][i]));
    const look = (i) => {
      at = i;
      const share = data.Points.length > 1 ? i / (data.Points.length - 1) : 0;
      cursor.style.left = 100 * (first + share * (last - first)) + "%";
      const shown = chosen > 0 ? [base, data.Runs[chosen]] : [base];
      values.replaceChildren(...shown.map((r) => pair(r.Name, r.Color, price(r, i))));
    };
    const s = slider(box.id + "-at", "Price at", data.Points,
      (i) => [base, data.Runs[chosen]].map((r) => r.Name + " " + price(r, i)).join("; "), look);
    box.append(choice("radio", box.id + "-run", "Run", data.Runs.map((r, i) => ({name: r.Name, what: r.What, checked: i === chosen})), (e) => {
      chosen = Number(e.target.value);
      said.textContent = "Shown: " + data.Runs[chosen].Name;
      render();
      s.go(at);
    }));
    if (data.Assets.length > 1) {
      box.append(choice("radio", box.id + "-asset", "Asset", data.Assets.map((name, i) => ({name, checked: i === 0})), (e) => {
        asset = Number(e.target.value);
        render();
        s.go(at);
      }));
    }
    box.append(chart, s.element, values, scroll, said);
    render();
    s.go(at);
    follow(chart, data.Points.length, () => first, () => last, s.go);
    let drawn = chart.clientWidth;
    window.addEventListener("resize", () => {
      if (chart.clientWidth === drawn) return;
      drawn = chart.clientWidth;
      render();
    });
  }

  function coalitions(box) {
    const data = JSON.parse(box.querySelector("script").textContent);
    const all = 2 ** data.Players.length - 1;
    const scroll = make("div", {className: "scroll"}), said = make("p", {className: "said", role: "status"});
    const boxes = choice("checkbox", box.id + "-on", "On", data.Players.map((p) => ({name: p.Name, color: p.Color, checked: true})), () => render());
    function render() {
      let place = 0;
      boxes.querySelectorAll("input").forEach((input, i) => { if (input.checked) place += 2 ** i; });
      scroll.replaceChildren(table("Outcomes with what is on", ["Outcome", "With what is on", "With all", "With none: the news alone"],
        data.Outcomes.map((o) => [o.Name, o.Values[place], o.Values[all], o.Values[0]])));
      const off = data.Players.filter((p, i) => !boxes.querySelectorAll("input")[i].checked).map((p) => p.Name);
      said.textContent = off.length ? "Off: " + off.join(", ") : "All are on";
    }
    box.append(boxes, scroll, said);
    render();
  }

  for (const [kind, start] of Object.entries({readout, runs, coalitions})) {
    document.querySelectorAll("div." + kind).forEach((box) => {
      box.hidden = false;
      start(box);
    });
  }

  // What is folded is printed, and folded again.
  const opened = [];
  window.addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach((d) => { d.open = true; opened.push(d); }));
  window.addEventListener("afterprint", () => opened.splice(0).forEach((d) => { d.open = false; }));
})();
