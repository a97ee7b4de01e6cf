// Styles are served as written. Staff work on a Chromium of 2021 (version 90); villagers, and everybody who stands in a village with a
// telephone, on one of 2020 (version 80).

const FIELD = [
  "static/css/tokens.css", "static/css/public.css", "static/css/find.css", "static/css/offline.css", "static/css/**/*public.css", "static/css/petitions/clocks.css",
  "static/css/petitions/receptions_record.css", "static/css/rewards/shop.css", "static/css/rewards/shop_counter.css",
  "static/css/scoring/ledger.css", "static/css/scoring/sheets.css",
];

// What an older browser leaves out without harm.
const ORNAMENTS = [
  "css-focus-visible", // it draws its own ring
  "css-content-visibility", // it draws what is out of sight too
  "extended-system-fonts", // another font of the list is taken
];
// What the rule of unsupported features does not tell: newer than both browsers, and newer than the older one.
const TOO_NEW = ["color-mix", "light-dark", "round"];
const NEWER_THAN_80 = ["aspect-ratio", "translate", "rotate", "scale", "/^(margin|padding)-(inline|block)$/", "/^inset/"];
// In a row of boxes they mean nothing before version 93; flex-start and flex-end say the same, in a grid, too.
const TOO_NEW_PLACES = { "/^(align|justify|place)-(items|content|self)$/": ["/(^| )(start|end)$/"] };
const known = (browsers) => [true, { browsers, ignorePartialSupport: true, ignore: ORNAMENTS }];

export default {
  extends: ["stylelint-config-recommended"],
  plugins: ["stylelint-no-unsupported-browser-features"],
  reportNeedlessDisables: true,
  reportDescriptionlessDisables: true,
  rules: {
    "plugin/no-unsupported-browser-features": known(["chrome 90"]),
    "function-disallowed-list": TOO_NEW,
    "declaration-property-value-disallowed-list": TOO_NEW_PLACES,
    "declaration-no-important": true,
    "color-no-hex": [true, { message: "Colours are written in tokens.css only." }],
    // One line a rule, grouped by what it is about: a later rule of another block is often the less specific one.
    "no-descending-specificity": null,
    // The older names of gap and break-inside are what the older browsers know.
    "property-no-deprecated": [true, { ignoreProperties: ["grid-gap", "page-break-inside"] }],
  },
  overrides: [
    {
      files: FIELD,
      rules: {
        "plugin/no-unsupported-browser-features": known(["chrome 80"]),
        // The rule above takes them for partly known, or does not know them itself.
        "property-disallowed-list": NEWER_THAN_80,
        "selector-pseudo-class-disallowed-list": ["is", "where"],
      },
    },
    { files: ["static/css/tokens.css"], rules: { "color-no-hex": null } },
    {
      // A file of a room or a subject changes nothing on the pages of others: each of its rules names a class or an id.
      files: ["static/css/*/*.css"],
      rules: { "selector-disallowed-list": ["/^[^.#]+$/"] },
    },
  ],
};
