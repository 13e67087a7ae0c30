/* A thumb up or down on an answer, with a reason.

   [data-verdict] = "right" | "wrong", with the answer in data-item (JSON: question, history, region, year, answered).
   What is said goes to the server only when it is sent. Data is only ever set as text. */
(() => {
  "use strict";
  const ZH = {
    right: "这个回答对", wrong: "这个回答不对", question: (text) => `问题：${text}`,
    should: "应当怎样回答", shouldMore: "报告中的数字或名称，一行一项；可不填",
    abstain: "报告没有说明，不应作答", note: "说明（可不填）",
    kept: "反馈保存在这台服务器的数据文件夹里，打开“评测”页的人可以看到问题并导出为评测题。",
    send: "提交", sending: "正在提交……", cancel: "取消", thanks: "谢谢，已记下。",
    failed: "没有记下，请稍后再试。",
  };
  const EN = {
    right: "This answer is right", wrong: "This answer is wrong", question: (text) => `Question: ${text}`,
    should: "What it should have said", shouldMore: "Figures or names as in the report, one a line; optional",
    abstain: "The reports do not tell: it should not have answered", note: "Note (optional)",
    kept: "Feedback stays in the data folder of this server. Whoever opens Evaluation can see the question and save it as a gold question.",
    send: "Send", sending: "Sending…", cancel: "Cancel", thanks: "Thank you, noted.",
    failed: "It could not be noted; please try again.",
  };
  const MAX_NOTE = 1000; // characters; the server takes some more
  const MAX_SHOULD = 1000;
  const MAX_LINES = 20;

  const given = new Map(); // data-item → verdict: cards are drawn again with every answer
  let opener = null;

  const words = () => (document.querySelector("#wb-toast")?.dataset.lang === "en" ? EN : ZH);

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

  function parsed(item) {
    try { return JSON.parse(item); } catch { return null; }
  }

  /** Show on all buttons what was said. */
  function press() {
    for (const button of document.querySelectorAll("[data-verdict]")) {
      const pressed = String(given.get(button.dataset.item) === button.dataset.verdict);
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
  }

  function open(button) {
    const item = parsed(button.dataset.item);
    if (!item || document.querySelector("#wb-verdict")) return;
    opener = button;
    const said = words();
    const wrong = button.dataset.verdict === "wrong";
    const should = make("textarea", { rows: 2, maxlength: MAX_SHOULD, "aria-describedby": "wb-verdict-more" });
    const abstain = make("input", { type: "checkbox", onchange: () => { should.disabled = abstain.checked; } });
    const note = make("textarea", { rows: 2, maxlength: MAX_NOTE });
    const error = make("p", { class: "wb-error", role: "alert", hidden: true });
    const send = make("button", { type: "submit", class: "wb-send" }, said.send);
    const form = make("form", { method: "dialog" },
      make("h2", { id: "wb-verdict-title" }, wrong ? said.wrong : said.right),
      make("p", { class: "wb-asked" }, said.question(item.question)));
    if (wrong) {
      form.append(make("label", {}, make("span", {}, said.should), should),
        make("p", { id: "wb-verdict-more", class: "wb-more" }, said.shouldMore));
      if (item.answered) form.append(make("label", { class: "wb-check" }, abstain, make("span", {}, said.abstain)));
    }
    form.append(make("label", {}, make("span", {}, said.note), note),
      make("p", { class: "wb-more" }, said.kept), error,
      make("div", { class: "wb-verdict-foot" },
        make("button", { type: "button", class: "wb-cancel", onclick: () => dialog.close() }, said.cancel), send));
    const dialog = make("dialog", { id: "wb-verdict", "aria-labelledby": "wb-verdict-title" }, form);
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") event.stopPropagation(); // it closes the dialog and no more
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => {
      dialog.remove();
      focusBack();
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      error.hidden = true;
      send.disabled = true;
      send.textContent = said.sending;
      const problem = await post({
        question: item.question, history: item.history, region: item.region, year: item.year,
        llm: item.llm,
        verdict: button.dataset.verdict, note: note.value.trim(),
        should: wrong && !abstain.checked ? lines(should.value) : [],
        should_abstain: wrong && abstain.checked,
      });
      send.disabled = false;
      send.textContent = said.send;
      if (problem) {
        error.textContent = problem;
        error.hidden = false;
        return;
      }
      given.set(button.dataset.item, button.dataset.verdict);
      press();
      dialog.close();
      window.wenbao?.toast(said.thanks);
    });
    document.body.append(dialog);
    dialog.showModal();
    (wrong ? should : send).focus();
  }

  /** The card may have been drawn again meanwhile. */
  function focusBack() {
    const same = (button) => button.dataset.item === opener?.dataset.item
      && button.dataset.verdict === opener.dataset.verdict;
    const back = opener?.isConnected ? opener : [...document.querySelectorAll("[data-verdict]")].find(same);
    back?.focus({ preventScroll: true });
  }

  const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, MAX_LINES);

  /** Send it; "" when it was kept, else what to tell the user. */
  async function post(feedback) {
    try {
      const answer = await fetch("/api/feedback", {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(feedback),
      });
      if (answer.ok) return "";
      return String((await answer.json()).error || words().failed);
    } catch {
      return words().failed;
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-verdict]");
    if (button) open(button);
  });

  function start() {
    new MutationObserver(press).observe(document.body, { childList: true, subtree: true });
  }
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
