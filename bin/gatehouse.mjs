#!/usr/bin/env node
import { runBuilt } from '../scripts/run-built.mjs';

await runBuilt('gatehouse');
