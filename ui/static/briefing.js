/* The briefing tray, and copying of citations.

   Everything a user collects stays in this browser (localStorage); the server sees it only when it is exported.
   Markup that this file serves, wherever on the page and whenever it appears:
     [data-brief]          adds the nearest [data-item] to the briefing
     [data-copy-cite]      copies the reference of the nearest [data-item]
     [data-open-briefing]  opens the tray; [data-briefing-count] within it shows how much is in it
   data-item is JSON: {kind: "quote" | "answer", text, question?, citations}; each citation carries `references`, the
   texts to copy and to cite by, as made by qa/reference.py. Data is only ever set as text. */
(() => {
  "use strict";

  const KEY = "wenbao.briefing.v1";
  const COPY_KEY = "wenbao.copy.v1";
  const MAX_ITEMS = 200; // these limits are those of qa/briefing.py
  const MAX_SOURCES = 50;
  const MAX_TEXT = 2000;
  const MAX_TITLE = 200;
  const FORMATS = ["docx", "md", "txt"];
  const STYLES = ["plain", "gbt7714"];
  const COPY_STYLES = ["plain", "gbt7714", "markdown"];

  const ZH = {
    open: "简报", title: "简报", name: "标题", namePlaceholder: "政府工作报告摘编",
    empty: "还没有内容。在回答或引文旁按“加入简报”，就会收集到这里。",
    quote: "引文", answer: "回答", comment: "批注", commentPlaceholder: "批注（可不填）",
    up: "上移", down: "下移", remove: "移除", close: "关闭",
    removed: "已移除一条。", cleared: "已清空。", undo: "撤销", undone: "已恢复。",
    clear: "清空", sure: (n) => `确定清空全部 ${n} 条？`, cancel: "取消",
    format: "格式", docx: "Word 文档（.docx）", md: "Markdown（.md）", txt: "纯文本（.txt）",
    style: "引用", plain: "《报告》第n段", gbt7714: "GB/T 7714-2015", markdown: "Markdown 脚注",
    quotes: "回答的脚注附原文", withQuote: "附原文",
    export: "导出", exporting: "正在导出…", exported: "已导出。", failed: "没有导出成功，请稍后再试。",
    added: (n) => `已加入简报，共 ${n} 条。`, already: "这一条已在简报里。", full: `简报最多 ${MAX_ITEMS} 条。`,
    nothing: "这里没有可以引用的内容。", kept: "浏览器没能保存简报，关闭页面后会丢失。",
    copied: "已复制", copyAs: "换一种格式", copyFailed: "浏览器不许复制，请选中下面的文字，按 Ctrl+C。",
    moved: (n) => `已移到第 ${n} 条。`,
  };
  const EN = {
    open: "Briefing", title: "Briefing", name: "Title", namePlaceholder: "政府工作报告摘编",
    empty: "Nothing here yet. Press “Add to briefing” beside an answer or a quote.",
    quote: "Quote", answer: "Answer", comment: "Comment", commentPlaceholder: "Comment (optional)",
    up: "Move up", down: "Move down", remove: "Remove", close: "Close",
    removed: "One item removed.", cleared: "Cleared.", undo: "Undo", undone: "Restored.",
    clear: "Clear", sure: (n) => `Clear everything (${n})?`, cancel: "Cancel",
    format: "Format", docx: "Word (.docx)", md: "Markdown (.md)", txt: "Plain text (.txt)",
    style: "References", plain: "《Report》 paragraph", gbt7714: "GB/T 7714-2015", markdown: "Markdown footnote",
    quotes: "Footnotes of answers hold the source sentence", withQuote: "With the quote",
    export: "Export", exporting: "Exporting…", exported: "Exported.", failed: "The export failed, please try again.",
    added: (n) => `Added to the briefing (${n}).`, already: "It is in the briefing already.",
    full: `A briefing holds ${MAX_ITEMS} items at most.`,
    nothing: "There is nothing to cite here.", kept: "The browser could not keep the briefing; it goes with the page.",
    copied: "Copied", copyAs: "Another format", copyFailed: "The browser does not allow copying: press Ctrl+C.",
    moved: (n) => `Moved to place ${n}.`,
  };

  // ---- what is kept ----------------------------------------------------------------------------------------------

  const text = (value, most = MAX_TEXT) => (typeof value === "string" ? [...value].slice(0, most).join("") : "");
  const list = (value) => (Array.isArray(value) ? value : []);
  const oneOf = (value, choices) => (choices.includes(value) ? value : choices[0]);

  function sourceOf(data, number) {
    const references = (data && data.references) || {};
    if (!text(references.plain) || !text(references.gbt7714)) return null;
    const n = Number.isInteger(data.n) && data.n > 0 && data.n < 1000 ? data.n : number;
    const kept = { plain: text(references.plain), gbt7714: text(references.gbt7714) };
    return { n, references: kept, quote: text(data.quote) };
  }

  /** An item as kept, from one as kept before; null for anything else. */
  function soundItem(data) {
    if (!data || typeof data !== "object" || !text(data.text).trim()) return null;
    return {
      kind: oneOf(data.kind, ["quote", "answer"]),
      text: text(data.text),
      question: text(data.question),
      comment: text(data.comment),
      sources: list(data.sources).map((source, i) => sourceOf(source, i + 1)).filter(Boolean).slice(0, MAX_SOURCES),
    };
  }

  /** An item from what the page offers. A quote's source need not hold the quote again. */
  function offeredItem(data) {
    const isQuote = !data || data.kind !== "answer";
    const sources = list(data && data.citations).map((citation) => (isQuote ? { ...citation, quote: "" } : citation));
    return soundItem({ ...data, comment: "", sources });
  }

  function soundState(data) {
    const given = data && typeof data === "object" ? data : {};
    return {
      title: text(given.title, MAX_TITLE),
      format: oneOf(given.format, FORMATS),
      style: oneOf(given.style, STYLES),
      quotes: given.quotes !== false,
      items: list(given.items).map(soundItem).filter(Boolean).slice(0, MAX_ITEMS),
    };
  }

  function kept(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null; // nothing kept, kept by something else, or not allowed to look
    }
  }

  function keep(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  let state = soundState(kept(KEY));
  let words = ZH;

  function save() {
    if (!keep(KEY, state)) toast(words.kept);
    showCount();
  }

  // ---- small helpers for the document ----------------------------------------------------------------------------

  /** An element; `children` are elements or texts, and a text is only ever text. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  /** As qa/reference.py sets it: marks within quotation marks become single ones. */
  const quoted = (sentence) => `“${sentence.replaceAll("“", "‘").replaceAll("”", "’")}”`;

  const button = (label, attributes, ...children) => make("button", { type: "button", ...attributes }, label, ...children);

  function chooseWords() {
    // By the address: the frame sets the page's lang attribute late, and first to the browser's language
    const asked = new URLSearchParams(location.search).get("lang") === "en";
    words = asked || /^\/en(\/|$)/.test(location.pathname) ? EN : ZH;
  }

  let toastTimer = 0;

  /** Say something in passing: shown below, read out politely. In the page's own place where it has one. */
  function toast(message) {
    if (document.getElementById("wb-toast") && window.wenbao) return window.wenbao.toast(message);
    let box = document.getElementById("wbb-toast");
    if (!box) {
      box = make("div", { id: "wbb-toast", role: "status", "aria-live": "polite" });
      document.body.append(box);
    }
    clearTimeout(toastTimer);
    box.textContent = message;
    box.classList.add("wbb-shown");
    toastTimer = setTimeout(() => box.classList.remove("wbb-shown"), 3500);
    return undefined;
  }

  // ---- the tray --------------------------------------------------------------------------------------------------

  const tray = {}; // its parts, once it is there
  let opener = null;

  function buildTray() {
    tray.list = make("ol", { class: "wbb-items" });
    tray.empty = make("p", { class: "wbb-empty" }, words.empty);
    tray.status = make("div", { class: "wbb-status", role: "status", "aria-live": "polite" });
    tray.error = make("p", { class: "wbb-error", role: "alert" });
    tray.name = make("input", {
      type: "text", id: "wbb-briefing-title", maxlength: MAX_TITLE, placeholder: words.namePlaceholder,
      autocomplete: "off",
      oninput: (event) => change(() => (state.title = text(event.target.value, MAX_TITLE))),
    });
    tray.format = select("wbb-briefing-format", FORMATS, (value) => (state.format = value));
    tray.style = select("wbb-briefing-style", STYLES, (value) => {
      state.style = value;
      showItems();
    });
    tray.quotes = make("input", {
      type: "checkbox", id: "wbb-briefing-quotes",
      onchange: (event) => change(() => (state.quotes = event.target.checked)),
    });
    tray.export = button(words.export, { class: "wbb-button wbb-primary", onclick: download });
    tray.clear = button(words.clear, { class: "wbb-button", onclick: askToClear });
    tray.box = make(
      "aside",
      { id: "wbb-briefing", role: "dialog", "aria-labelledby": "wbb-briefing-heading", tabindex: "-1", hidden: true },
      make("header", { class: "wbb-tray-head" },
        make("h2", { id: "wbb-briefing-heading" }, words.title),
        button("×", { class: "wbb-icon", "aria-label": words.close, title: words.close, onclick: closeTray })),
      make("div", { class: "wbb-tray-name" },
        make("label", { for: "wbb-briefing-title" }, words.name), tray.name),
      make("div", { class: "wbb-tray-body" }, tray.empty, tray.list),
      make("footer", { class: "wbb-tray-foot" },
        tray.status,
        tray.error,
        make("div", { class: "wbb-fields" },
          make("label", { for: "wbb-briefing-format" }, words.format), tray.format,
          make("label", { for: "wbb-briefing-style" }, words.style), tray.style),
        make("label", { class: "wbb-check" }, tray.quotes, make("span", {}, words.quotes)),
        make("div", { class: "wbb-actions" }, tray.clear, tray.export)),
    );
    tray.button = button(words.open, { class: "wbb-floating", "data-open-briefing": true },
      make("span", { "data-briefing-count": true }));
    document.body.append(tray.button, tray.box);
  }

  function select(id, choices, choose) {
    const options = choices.map((choice) => make("option", { value: choice }, words[choice]));
    return make("select", { id, onchange: (event) => change(() => choose(oneOf(event.target.value, choices))) }, ...options);
  }

  function change(edit) {
    edit();
    save();
    tray.error.textContent = "";
  }

  function showAll() {
    tray.name.value = state.title;
    tray.format.value = state.format;
    tray.style.value = state.style;
    tray.quotes.checked = state.quotes;
    showItems();
    showCount();
  }

  function showItems() {
    tray.list.replaceChildren(...state.items.map(itemRow));
    showEnds();
  }

  function itemRow(item) {
    const index = () => state.items.indexOf(item);
    const cited = item.sources.map((source) => source.references[state.style]).join("\n");
    const comment = make("textarea", {
      rows: "1", maxlength: MAX_TEXT, "aria-label": words.comment, placeholder: words.commentPlaceholder,
      oninput: (event) => change(() => (item.comment = text(event.target.value))),
    });
    comment.value = item.comment;
    return make("li", { class: "wbb-item" },
      make("div", { class: "wbb-item-head" },
        make("span", { class: "wbb-kind" }, words[item.kind]),
        button("↑", { class: "wbb-icon wbb-up", "aria-label": words.up, title: words.up, onclick: () => move(index(), -1) }),
        button("↓", { class: "wbb-icon wbb-down", "aria-label": words.down, title: words.down, onclick: () => move(index(), 1) }),
        button("×", { class: "wbb-icon wbb-remove", "aria-label": words.remove, title: words.remove, onclick: () => remove(index()) })),
      ...(item.question ? [make("p", { class: "wbb-question" }, item.question)] : []),
      make("p", { class: "wbb-text" }, item.kind === "quote" ? quoted(item.text) : item.text),
      ...(cited ? [make("p", { class: "wbb-cited" }, cited)] : []),
      comment);
  }

  /** The first cannot go up, the last not down; an empty briefing cannot be exported. They stay reachable by keyboard. */
  function showEnds() {
    const rows = [...tray.list.children];
    rows.forEach((row, i) => {
      row.querySelector(".wbb-up").setAttribute("aria-disabled", String(i === 0));
      row.querySelector(".wbb-down").setAttribute("aria-disabled", String(i === rows.length - 1));
    });
    tray.empty.hidden = rows.length > 0;
    tray.clear.disabled = tray.export.disabled = rows.length === 0;
  }

  function showCount() {
    const n = state.items.length;
    document.documentElement.style.setProperty("--wbb-briefing-count", n ? `"${n}"` : '""');
  }

  function move(from, step) {
    const to = from + step;
    if (from < 0 || to < 0 || to >= state.items.length) return;
    change(() => state.items.splice(to, 0, ...state.items.splice(from, 1)));
    const row = tray.list.children[from];
    tray.list.insertBefore(row, step > 0 ? tray.list.children[to].nextSibling : tray.list.children[to]);
    row.querySelector(step > 0 ? ".wbb-down" : ".wbb-up").focus(); // a node that moves loses the focus
    showEnds();
    say(words.moved(to + 1));
  }

  function remove(index) {
    const before = [...state.items];
    change(() => state.items.splice(index, 1));
    tray.list.children[index].remove();
    showEnds();
    offerUndo(words.removed, before);
  }

  function askToClear() {
    tray.status.replaceChildren(
      make("span", {}, words.sure(state.items.length)),
      button(words.clear, { class: "wbb-button wbb-danger", onclick: clear }),
      button(words.cancel, { class: "wbb-button", onclick: () => (say(""), tray.clear.focus()) }));
    tray.status.querySelector("button").focus();
  }

  function clear() {
    const before = [...state.items];
    change(() => (state.items = []));
    showItems();
    offerUndo(words.cleared, before);
  }

  function offerUndo(message, before) {
    const undo = () => {
      change(() => (state.items = before));
      showItems();
      say(words.undone);
      tray.box.focus();
    };
    tray.status.replaceChildren(make("span", {}, message), button(words.undo, { class: "wbb-button", onclick: undo }));
    tray.status.querySelector("button").focus();
  }

  function say(message) {
    tray.status.replaceChildren(...(message ? [make("span", {}, message)] : []));
  }

  function openTray(from) {
    opener = from;
    tray.box.hidden = false;
    tray.box.focus();
  }

  function closeTray() {
    tray.box.hidden = true;
    say("");
    const back = opener && opener.isConnected ? opener : document.querySelector("[data-open-briefing]");
    if (back) back.focus();
  }

  function add(data) {
    const item = offeredItem(data);
    if (!item) return toast(words.nothing);
    const same = (other) => other.kind === item.kind && other.text === item.text && other.question === item.question &&
      JSON.stringify(other.sources) === JSON.stringify(item.sources);
    if (state.items.some(same)) return toast(words.already);
    if (state.items.length >= MAX_ITEMS) return toast(words.full);
    change(() => state.items.push(item));
    tray.list.append(itemRow(item));
    showEnds();
    say(""); // what could be undone before would take this one along
    return toast(words.added(state.items.length));
  }

  // ---- export ----------------------------------------------------------------------------------------------------

  async function download() {
    tray.error.textContent = "";
    tray.export.disabled = true;
    say(words.exporting);
    try {
      const response = await fetch("/api/briefing", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(state),
      });
      if (!response.ok) throw new Error(await errorOf(response));
      saveFile(await response.blob(), fileName(response));
      say(words.exported);
    } catch (error) {
      say("");
      tray.error.textContent = error instanceof TypeError ? words.failed : error.message; // TypeError: no connection
    } finally {
      tray.export.disabled = state.items.length === 0;
    }
  }

  async function errorOf(response) {
    try {
      return text((await response.json()).error) || words.failed;
    } catch {
      return words.failed;
    }
  }

  function fileName(response) {
    const header = response.headers.get("Content-Disposition") || "";
    const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header);
    try {
      return encoded ? decodeURIComponent(encoded[1]) : `briefing.${state.format}`;
    } catch {
      return `briefing.${state.format}`;
    }
  }

  function saveFile(blob, name) {
    const url = URL.createObjectURL(blob);
    const link = make("a", { href: url, download: name, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  // ---- copying a citation ----------------------------------------------------------------------------------------

  let copying = null; // {button, citations}: what the small menu is open for
  let menu = null;

  function copyChoice() {
    const choice = kept(COPY_KEY) || {};
    return { style: oneOf(choice.style, COPY_STYLES), quote: choice.quote === true };
  }

  function copyText(citations, choice) {
    const name = choice.style + (choice.quote ? "_quote" : "");
    const texts = citations.map((citation) => text((citation.references || {})[name], 10 * MAX_TEXT)).filter(Boolean);
    return [...new Set(texts)].join(choice.style === "markdown" || choice.quote ? "\n\n" : "\n");
  }

  async function copyFor(from, data) {
    copying = { button: from, citations: list(data && data.citations) };
    await copyNow();
  }

  async function copyNow() {
    const now = copying;
    const choice = copyChoice();
    const copied = copyText(now.citations, choice);
    if (!copied) return toast(words.nothing);
    const done = await toClipboard(copied);
    showMenu(now, choice, copied, done);
    return toast(done ? `${words.copied} · ${words[choice.style]}` : words.copyFailed);
  }

  /** The modern way works on https and localhost only; the old one on an intranet's plain http too. */
  async function toClipboard(copied) {
    if (navigator.clipboard && window.isSecureContext) {
      try {
        await navigator.clipboard.writeText(copied);
        return true;
      } catch {
        // not allowed: try the old way
      }
    }
    const focused = document.activeElement;
    const box = make("textarea", { class: "wbb-offscreen", readonly: true, "aria-hidden": "true" });
    box.value = copied;
    document.body.append(box);
    box.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
    box.remove();
    if (focused) focused.focus({ preventScroll: true });
    return done;
  }

  /** What was copied, and the other formats: choosing one copies again, and is remembered. */
  function showMenu(now, choice, copied, done) {
    const focus = menu && menu.contains(document.activeElement) ? document.activeElement.value : null;
    closeMenu();
    const pick = (next) => {
      keep(COPY_KEY, { ...choice, ...next });
      copying = now;
      copyNow();
    };
    const radios = COPY_STYLES.map((style) => make("label", { class: "wbb-check" },
      make("input", { type: "radio", name: "wbb-copy-style", value: style, checked: style === choice.style, onchange: () => pick({ style }) }),
      make("span", {}, words[style])));
    const quote = make("input", { type: "checkbox", value: "quote", checked: choice.quote, onchange: (event) => pick({ quote: event.target.checked }) });
    const shown = make("textarea", { class: "wbb-copied", readonly: true, rows: "3", "aria-label": words.copied });
    shown.value = copied;
    menu = make("div", { class: "wbb-menu", role: "group", "aria-label": words.copyAs },
      make("div", { class: "wbb-menu-head" }, make("strong", {}, done ? words.copied : words.copyFailed),
        button("×", { class: "wbb-icon", "aria-label": words.close, title: words.close, onclick: () => closeMenu(true) })),
      shown,
      ...radios,
      make("label", { class: "wbb-check" }, quote, make("span", {}, words.withQuote)));
    document.body.append(menu);
    place(menu, now.button);
    if (focus) menu.querySelector(`input[value="${CSS.escape(focus)}"]`)?.focus();
    if (!done) shown.select();
  }

  /** Below the button where there is room, else above; never outside the window. */
  function place(box, at) {
    const near = at.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = box;
    const below = near.bottom + 6;
    const top = below + height <= innerHeight ? below : Math.max(8, near.top - height - 6);
    box.style.top = `${Math.min(top, Math.max(8, innerHeight - height - 8))}px`;
    box.style.left = `${Math.max(8, Math.min(near.left, innerWidth - width - 8))}px`;
  }

  function closeMenu(back = false) {
    if (!menu) return;
    menu.remove();
    menu = null;
    if (back && copying && copying.button.isConnected) copying.button.focus();
  }

  // ---- what the page does ----------------------------------------------------------------------------------------

  function offered(element) {
    const holder = element.closest("[data-item]");
    try {
      return holder ? JSON.parse(holder.dataset.item) : null;
    } catch {
      return null;
    }
  }

  function onClick(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const copy = target.closest("[data-copy-cite]");
    if (!copy && menu && !menu.contains(target)) closeMenu();
    const brief = target.closest("[data-brief]");
    const open = target.closest("[data-open-briefing]");
    if (copy) copyFor(copy, offered(copy));
    else if (brief) add(offered(brief));
    else if (open) tray.box.hidden ? openTray(open) : closeTray();
  }

  function onKey(event) {
    if (event.key === "Escape" && !event.isComposing) {
      if (menu) closeMenu(true);
      else if (!tray.box.hidden) closeTray();
      else return;
      event.stopPropagation(); // one Escape closes one thing
      event.preventDefault();
    } else if (event.key === "Tab" && menu && copying && document.activeElement === copying.button && !event.shiftKey) {
      menu.querySelector("input:checked, input").focus(); // the menu stands at the end of the page, but comes next
      event.preventDefault();
    }
  }

  function start() {
    if (document.getElementById("wbb-briefing")) return;
    chooseWords();
    buildTray();
    showAll();
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey, true);
    addEventListener("resize", () => closeMenu());
    addEventListener("storage", (event) => {
      if (event.key !== KEY) return;
      state = soundState(kept(KEY)); // changed in another window
      showAll();
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
