// Builds static/build/ from static/*.scss and the installed packages: `npm run build`.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { compile } from "sass";

const govuk = "node_modules/govuk-frontend/dist/govuk";
const output = "static/build";

mkdirSync(output, { recursive: true });

const { css } = compile("static/app.scss", {
  loadPaths: [".", "node_modules"],
  style: "compressed",
  // Deprecations in packages are theirs to mend; ours are still printed.
  quietDeps: true,
});
writeFileSync(`${output}/app.css`, css);

// Without the comment that points to a source map we do not serve.
const script = readFileSync(`${govuk}/govuk-frontend.min.js`, "utf8");
writeFileSync(
  `${output}/govuk-frontend.min.js`,
  script.replace(/^\/\/# sourceMappingURL=.*$/m, ""),
);

const read = (name) => readFileSync(`node_modules/idb/${name}`, "utf8");
writeFileSync(`${output}/idb.js`, `/*\n${read("LICENSE")}*/\n${read("build/index.js")}`);
