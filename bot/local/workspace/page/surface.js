/** Where blocks stand: a message, a modal or a Home tab. Knows where a press goes, and what has been filled in. */

import { post } from "./api.js";
import { confirmed } from "./confirm.js";
import { toast } from "./toast.js";
import { workspace } from "./workspace.js";

/**
 * @typedef {{type: string, [selected: string]: unknown}} FieldValue one entry of Slack's `state.values`
 * @typedef {{read: () => FieldValue, empty: () => boolean, optional: boolean}} Field
 */

export class Surface {
  /** @param {{channel?: string, ts?: string, view_id?: string}} target @param {Record<string, Record<string, FieldValue>>} [kept] */
  constructor(target, kept = {}) {
    this.target = target;
    /** What was filled in before the view was drawn anew. */
    this.kept = kept;
    /** @type {Map<string, Map<string, Field>>} */
    this.fields = new Map();
  }

  /** @param {string} blockId @param {string} actionId @param {Field} field */
  register(blockId, actionId, field) {
    if (!this.fields.has(blockId)) this.fields.set(blockId, new Map());
    this.fields.get(blockId).set(actionId, field);
  }

  /** @param {string} blockId @param {string} actionId @returns {FieldValue|undefined} */
  before(blockId, actionId) {
    return this.kept[blockId]?.[actionId];
  }

  /** Slack's `state.values`: block id, action id, value. */
  values() {
    const values = {};
    for (const [blockId, actions] of this.fields) {
      values[blockId] = {};
      for (const [actionId, field] of actions) values[blockId][actionId] = field.read();
    }
    return values;
  }

  /** The blocks that must be filled in and are not. @returns {Record<string, string>} */
  gaps() {
    const gaps = {};
    for (const [blockId, actions] of this.fields) {
      for (const field of actions.values()) {
        if (!field.optional && field.empty()) gaps[blockId] = "Please fill this in.";
      }
    }
    return gaps;
  }

  /**
   * @param {{action_id: string, confirm?: object}} element
   * @param {string} blockId
   * @param {object} chosen `value`, `selected_option`, …
   * @param {HTMLElement} [node] shown as busy meanwhile
   * @returns {Promise<boolean>} whether it went through
   */
  async press(element, blockId, chosen, node) {
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    node?.setAttribute("aria-busy", "true");
    try {
      await post("press", {
        as: workspace.as, ...this.target, block_id: blockId, action_id: element.action_id, ...chosen,
        state: { values: this.values() },
      });
      return true;
    } catch (refusal) {
      toast(refusal.message);
      return false;
    } finally {
      node?.removeAttribute("aria-busy");
    }
  }
}
