// Scripts and the server's templates agree on their names.

import "./browser.js";
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { holds, plain } from "../../static/recording/templates.js";

const readAll = (pattern) =>
  globSync(pattern)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
const html = readAll("templates/**/*.html");
const scripts = readAll("static/{recording,forms,live}/*.js");
const allIn = (text, pattern) => new Set([...text.matchAll(pattern)].map((found) => found[1]));

test("every template that a script fills is on a page, and every one is filled", () => {
  const filled = allIn(scripts, /(?:(?:fill|textOf)\(\s*|Template = )"([\w-]+)"/g);
  const served = allIn(html, /<template id="([\w-]+)"/g);
  assert.deepEqual([...served].sort(), [...filled].sort());
});

test("every name in a template is one that scripts give a value", () => {
  const attributes = allIn(html, /data-attr="([^"]+)"/g);
  const names = new Set([
    ...allIn(html, /data-(?:text|click)="(\w+)"/g),
    ...allIn(html, /data-if="!?(\w+)/g),
    ...allIn(html, /scripts\/\w+.html" with (?:name|number)="(\w+)"/g),
    ...[...attributes].flatMap((pairs) => pairs.split(" ").map((pair) => pair.split(":")[1])),
  ]);
  const unknown = [...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(scripts));
  assert.deepEqual(unknown, []);
});

test("a condition of a template asks whether a value is there, or which it is", () => {
  const values = { note: "", count: 1, state: "waiting" };
  const conditions = ["note", "!note", "count", "count=1", "!count=1", "state=waiting", "gone=x"];
  const so = conditions.filter((condition) => holds(condition, values));
  assert.deepEqual(so, ["!note", "count", "count=1", "state=waiting"]);
});

test("a template's text is on one line", () => {
  assert.equal(plain("\n  Saved,\n  14:02 "), "Saved, 14:02");
});
