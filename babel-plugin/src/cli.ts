#!/usr/bin/env node
// Placeholder.
export {};
