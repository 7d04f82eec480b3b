/**
 * A stack without a state, as the file that `pulumi stack init` writes into a `file://` backend: the command itself takes half as
 * long as an update. It would note the secrets provider too; here the first update notes the backend's default, the passphrase.
 * With any other secrets provider the CLI creates the stack.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../environment/files";

/** @param folder of a `file://` backend that does not have the stack */
export async function writeEmptyStack(folder: string, project: string, stack: string): Promise<void> {
  const base = join(folder, ".pulumi");
  const stacks = join(base, "stacks", project);
  await mkdir(stacks, { recursive: true });
  // Its version tells that stacks are in folders by project.
  await writeFile(join(base, "meta.yaml"), "version: 1\n", { flag: "wx" }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
  const checkpoint = { stack: `organization/${project}/${stack}` };
  await replaceFile(join(stacks, `${stack}.json`), JSON.stringify({ version: 3, checkpoint }));
}
