// Builds static/build/portal.css and portal.js from static/src and the packages of package.json.
// Everything in static/build is made here and is not in git.
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";

const source = dirname(fileURLToPath(import.meta.url));
const root = join(source, "..", "..");
const target = join(root, "static", "build");

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const css = sass.compile(join(source, "portal.scss"), {
  loadPaths: [join(root, "node_modules")],
  style: "compressed",
  quietDeps: true,
});
// No font or picture is fetched: the compiled sheet must not name a file that we do not serve.
if (/url\((?!["']?data:)/.test(css.css)) throw new Error("portal.css refers to a file; only data: is served.");
writeFileSync(join(target, "portal.css"), css.css);

await esbuild.build({
  entryPoints: [join(source, "portal.js")],
  outfile: join(target, "portal.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020"],
  legalComments: "linked",
  logLevel: "warning",
});

for (const name of ["portal.css", "portal.js"]) {
  console.log(`static/build/${name} ${Math.round(statSync(join(target, name)).size / 1000)} kB`);
}
