// Keeps the counter's page and the pictures of its goods. Stands on kept_worker.js; served at /shop/worker.js, so that it sees
// the pages below /shop/.

keepPages({ kept: "counter-1", family: "counter-", page: /^\/shop\/\d{12}\/counter\/$/, parts: ["/static/", "/pictures/"] });
