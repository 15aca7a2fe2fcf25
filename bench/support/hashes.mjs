import { hash } from '@node-rs/bcrypt';

/** Prints how many hashes a second the native bcrypt makes: `node hashes.mjs COST AMOUNT CLIENTS`. */
const [cost, amount, clients] = process.argv.slice(2).map(Number);

await hash('warm-up', cost);
let left = amount;
const started = performance.now();
await Promise.all(
  Array.from({ length: clients }, async () => {
    while (left-- > 0) await hash('plum-trellis-47-orbit-canyon', cost);
  }),
);
process.stdout.write(String((amount / (performance.now() - started)) * 1000));
