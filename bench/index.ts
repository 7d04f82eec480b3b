/** `npm run bench`: prints the measurements of one run as JSON. */
import { benchDriver } from "./driver";
import { benchEvaluate } from "./evaluate";
import { benchProve } from "./prove";
import { benchSandbox } from "./sandbox";
import { benchSecondStart } from "./secondStart";

async function main(): Promise<void> {
  const evaluation = await benchEvaluate();
  const sandbox = await benchSandbox();
  const start = benchSecondStart();
  const driver = await benchDriver();
  const proof = await benchProve();
  console.log(JSON.stringify({ evaluation, proof, sandbox, secondStart: start, driver }, null, 2));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
