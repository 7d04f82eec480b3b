/** Decisions per second of `evaluate` and of an independent evaluator, on the same questions in one run. */
import { evaluate } from "@feature-store-access/iam";
import { askOracle } from "../test/iam/askOracle";
import { question, randomFrom } from "../test/iam/questions";

const QUESTIONS = 2000;
const SEED = 20260630;
const ROUNDS = 5;

/**
 * Medians over five rounds. The two take turns, so that a busy machine slows both. Both take policies as parsed JSON.
 * `evaluate` remembers the documents that it has read, the other reads them for each question: `freshDecisionsPerSecond` is
 * for documents that are new in each round.
 */
export async function benchEvaluate() {
  const random = randomFrom(SEED);
  const questions = Array.from({ length: QUESTIONS }, () => question(random));
  for (const { request, policies } of questions) evaluate(request, policies);
  for (const each of questions.slice(0, 200)) await askOracle(each);

  const own: number[] = [];
  const fresh: number[] = [];
  const oracle: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    own.push(perSecond(10, questions, ({ request, policies }) => evaluate(request, policies)));
    const copies = questions.map((each) => structuredClone(each));
    fresh.push(perSecond(1, copies, ({ request, policies }) => evaluate(request, policies)));
    const begun = process.hrtime.bigint();
    for (const each of questions) await askOracle(each);
    oracle.push(rate(QUESTIONS, begun));
  }
  const decisionsPerSecond = median(own);
  const oracleDecisionsPerSecond = median(oracle);
  return {
    decisionsPerSecond,
    freshDecisionsPerSecond: median(fresh),
    oracleDecisionsPerSecond,
    ratio: decisionsPerSecond / oracleDecisionsPerSecond,
    questions: QUESTIONS,
  };
}

function perSecond<T>(times: number, all: readonly T[], ask: (one: T) => unknown): number {
  const begun = process.hrtime.bigint();
  for (let time = 0; time < times; time++) for (const one of all) ask(one);
  return rate(times * all.length, begun);
}

function rate(count: number, begun: bigint): number {
  return Math.round(count / (Number(process.hrtime.bigint() - begun) / 1e9));
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

if (require.main === module)
  void benchEvaluate().then((measured) => {
    console.log(JSON.stringify(measured, null, 2));
  });
