// Keeps the pages on which receptions are written down. Stands on kept_worker.js; served at /petitions/days/worker.js, so that it
// sees the pages below /petitions/days/.

keepPages({ kept: "reception-1", family: "reception-", page: /^\/petitions\/days\/\d+\/record\/$/, parts: ["/static/"] });
