'use strict';

// Here and not only under `exports` in package.json: TypeScript's node10 resolution looks for this file.
module.exports = require('./lib/testing/index.js');
