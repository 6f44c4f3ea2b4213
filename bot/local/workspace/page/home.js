/** An app's Home tab. */

import { get, post } from "./api.js";
import { tabs } from "./apptabs.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { fill, h } from "./element.js";
import { Surface } from "./surface.js";
import { attempt } from "./toast.js";
import { workspace } from "./workspace.js";

export class Home {
  /** @param {string} app user id of the bot */
  constructor(app) {
    this.app = app;
    this.body = h("div", { class: "home", role: "region", "aria-label": "Home", tabindex: "0" });
    const name = workspace.nameOf(app);
    document.title = `${name} · ${workspace.team?.name ?? ""}`;
    this.node = h("section", { class: "pane", "data-open-home": app },
      h("div", { class: "pane-head" },
        h("div", { class: "pane-name" }, h("h1", { class: "pane-title" }, avatar(app, undefined, "small"), h("span", {}, name)),
          h("p", { class: "pane-purpose" }, workspace.person(app)?.title || "App")),
        tabs(app, "home")),
      this.body);
    this.drawn = null;
    attempt(() => post("open_home", { as: workspace.as }));
  }

  async refresh() {
    const answer = await attempt(() => get("home", { as: workspace.as }));
    if (!answer) return;
    const key = JSON.stringify({ ...answer.view, state: null, hash: null });
    if (key === this.drawn) return;
    this.drawn = key;
    const { view } = answer;
    if (!view?.blocks?.length) fill(this.body, h("p", { class: "empty" }, "This app has nothing to show here yet."));
    else fill(this.body, h("div", { class: "home-sheet" }, renderBlocks(view.blocks, new Surface({ view_id: view.id }))));
  }
}
