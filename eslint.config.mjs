// Scripts are served as written, so they hold to what the oldest telephones know: a Chromium of 2020 (version 80), that is ES2020 and
// the parts of the browser that package.json's "browserslist" names.

import js from "@eslint/js";
import compat from "eslint-plugin-compat";
import esX from "eslint-plugin-es-x";
import globals from "globals";

const scripts = { files: ["static/js/**/*.js"] };
const NEWER = ["at", "replaceAll", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "groupBy", "replaceChildren", "randomUUID", "checkVisibility"];

export default [
  { ...scripts, ...js.configs.recommended },
  { ...scripts, ...esX.configs["flat/restrict-to-es2020"] },
  { ...scripts, ...compat.configs["flat/recommended"] },
  {
    ...scripts,
    languageOptions: { ecmaVersion: 2020, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    settings: { polyfills: ["BarcodeDetector"] }, // asked for before it is used
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      // Chinese sentences are spaced with the wide blank.
      "no-irregular-whitespace": ["error", { skipStrings: true, skipTemplates: true }],
      // What is left out of a copy is named to be left out.
      "no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_" }],
      // Methods of values, by their names: the rule sets above know only what hangs on a global name.
      "no-restricted-syntax": ["error", { selector: `CallExpression[callee.property.name=/^(${NEWER.join("|")})$/]`, message: "Chromium 80 does not know it." }],
    },
  },
  { files: ["static/js/offline_worker.js"], languageOptions: { sourceType: "script", globals: globals.serviceworker } },
];
