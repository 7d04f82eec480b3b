/** The contracts of deployed stages, read by references to the stages. */
import type { Ref } from "../../components/stage";

/** By stage: the values that it gave, in plain form. */
export type Contracts = Readonly<Record<string, unknown>>;
/** @returns undefined if the stage is not deployed */
export type ContractOf = (stage: string) => Promise<unknown>;

/** @returns what the stage gave, which has the form of its contract. @throws Error if it is not deployed: a bug of the program */
export function contractOf<C>(contracts: Contracts, { name }: Ref<C>): C {
  const contract = contracts[name];
  if (contract === undefined) throw new Error(`stage ${name} is not deployed`);
  return contract as C;
}
