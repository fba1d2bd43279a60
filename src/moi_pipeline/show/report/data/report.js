// Opens the list behind a number, colours the map, switches the language. Everything that came from a release is put
// in as text, never as HTML.
"use strict";
(() => {
  const root = document.documentElement;
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => document.querySelectorAll(selector);
  const dialog = one("#behind");
  let opened = null; // the data, once it has been asked for

  const data = () => {
    opened ??= (async () => {
      const bytes = Uint8Array.from(atob(one("#data").textContent), (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      return JSON.parse(await new Response(stream).text());
    })();
    return opened;
  };
  const at = () => (root.lang === "th" ? 0 : 1);
  const say = (d, name, fill = {}) =>
    d.words[name][at()].replace(/\{(\w+)\}/g, (_, key) => fill[key].toLocaleString("en"));

  const make = (tag, text, lang) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (lang) element.lang = lang;
    return element;
  };

  const day = (d, iso) => {
    if (!iso) return say(d, "undated");
    const [year, month, number] = iso.split("-").map(Number);
    return `${number} ${d.months[at()][month - 1]} ${at() ? year : year + 543}`;
  };

  const release = (d, number) => {
    const [article, ...words] = d.sentences[number];
    const [title, published, address, web, source] = d.articles[article];
    const item = make("li");
    const heading = make("p");
    heading.className = "title";
    if (web && /^https?:/i.test(address)) {
      const link = make("a", title || address, "th");
      link.href = address;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      heading.append(link);
    } else heading.append(make("span", title || address, "th"));
    const where = make("p");
    where.className = "meta";
    where.append(day(d, published), " · ", source);
    if (!web) where.append(` · ${say(d, "no_link")} ${address}`);
    item.append(heading, where);
    const sentence = make("p", undefined, "th");
    sentence.className = "sentence";
    if (words.length === 3) sentence.append(words[0], make("mark", words[1]), words[2]);
    else if (words[0]) {
      const lead = make("span", say(d, "lead") + " ", root.lang);
      lead.className = "lead";
      if (published || web) sentence.append(lead);
      sentence.append(words[0]);
    }
    if (sentence.childNodes.length) item.append(sentence);
    return item;
  };

  const open = async (key) => {
    const title = one("#behind-title");
    const told = one("#behind-told");
    const list = one("#behind-list");
    const items = one("#behind-items");
    list.replaceChildren();
    items.replaceChildren();
    title.textContent = "…";
    told.textContent = "";
    one("#behind-select").textContent = "";
    dialog.showModal();
    title.focus();
    const d = await data();
    const [total, thai, english, select, numbers] = d.lists[key];
    title.textContent = at() ? english : thai;
    const fill = { total, shown: numbers.length };
    told.textContent = say(d, total > numbers.length ? "some_shown" : "all_shown", fill);
    one("#behind-select").textContent = select;
    dialog.querySelector("details").open = total > numbers.length;
    if (d.items[key]) {
      const found = make("ol", undefined, "th");
      for (const text of d.items[key]) found.append(make("li", text));
      items.append(make("h3", say(d, "items")), found);
    }
    for (const number of numbers) list.append(release(d, number));
    list.dataset.key = key;
    dialog.scrollTop = 0;
  };

  const button = (key, number) => {
    if (!number) {
      const none = make("span", "0");
      none.className = "none";
      return none;
    }
    const made = make("button", number.toLocaleString("en"));
    made.type = "button";
    made.className = "n";
    made.dataset.l = key;
    made.setAttribute("aria-haspopup", "dialog");
    return made;
  };

  const colour = async () => {
    const chosen = one("#programme").value;
    const { counts, steps, sum, unplaced } = (await data()).map[chosen];
    const key = (code) => (chosen ? `pv|${chosen}|${code}` : `v|${code}|`);
    const shade = (number) => steps.filter((begin) => number >= begin).length;
    for (const tile of all("[data-tile]")) {
      const number = counts[tile.dataset.tile] ?? 0;
      tile.className = `tile q${shade(number)}`;
      tile.disabled = !number;
      tile.dataset.l = key(tile.dataset.tile);
      // A square has room for four digits; the table beside it has them all.
      const short = number >= 10000 ? `${Math.floor(number / 1000)}k` : number.toLocaleString("en");
      tile.querySelector(".count").textContent = short;
    }
    for (const row of all("[data-row]")) {
      const code = row.dataset.row;
      row.querySelector("td").replaceChildren(button(key(code), counts[code] ?? 0));
    }
    sort(counts);
    const [thai, english] = one("#map-sum").children;
    thai.textContent = sum[0];
    english.textContent = sum[1];
    one("#map-unplaced").lastElementChild.replaceWith(button(key(""), unplaced));
    all("#map-legend .key").forEach((sample, index) => {
      sample.hidden = index >= steps.length;
      const [from, next] = [steps[index], steps[index + 1]];
      const words = (number) => number.toLocaleString("en");
      if (sample.hidden) sample.textContent = "";
      else if (!next) sample.textContent = `${words(from)}+`;
      else sample.textContent = next === from + 1 ? words(from) : `${words(from)}–${words(next - 1)}`;
    });
  };

  // Most first; as they stood where they are equal.
  const sort = (counts) => {
    const rows = [...all("[data-row]")];
    rows.sort((a, b) => (counts[b.dataset.row] ?? 0) - (counts[a.dataset.row] ?? 0)
      || a.dataset.row.localeCompare(b.dataset.row));
    one("#map-table tbody").append(...rows);
  };

  const speak = (lang) => {
    root.lang = lang;
    document.title = root.getAttribute(`data-title-${lang}`);
    for (const choice of all("[data-lang]")) choice.setAttribute("aria-pressed", choice.dataset.lang === lang);
    for (const option of all("option[data-th]")) option.textContent = option.getAttribute(`data-${lang}`);
    for (const group of all("optgroup")) group.label = group.getAttribute(`data-${lang}`);
    for (const wide of all(".scroll.end")) wide.scrollLeft = wide.scrollWidth;
  };

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-l], [data-lang], [data-map], svg a, #behind-close");
    if (event.target === dialog || pressed?.id === "behind-close") dialog.close();
    else if (!pressed) return;
    else if (pressed.dataset.lang) speak(pressed.dataset.lang);
    else if (pressed.dataset.map !== undefined) {
      one("#programme").value = pressed.dataset.map;
      colour();
      one("#map").scrollIntoView();
      one("#programme").focus({ preventScroll: true });
    } else {
      event.preventDefault();
      const key = pressed.dataset.l ?? pressed.getAttribute("href")?.slice(1);
      if (key) open(key);
    }
  });
  one("#programme").addEventListener("change", colour);
  // On paper nothing can be unfolded.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...all("main details:not([open])")];
    for (const details of folded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
  speak(root.lang);
})();
