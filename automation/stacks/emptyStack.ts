/**
 * Writes the file that `pulumi stack init` writes for an empty stack in a `file://` backend, because the command itself takes half
 * as long as an update. The command also records the secrets provider; here the first update records the backend's default, the
 * passphrase. With any other secrets provider the CLI creates the stack.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../environment/files";

/** @param folder of a `file://` backend that does not have the stack */
export async function writeEmptyStack(folder: string, project: string, stack: string): Promise<void> {
  const base = join(folder, ".pulumi");
  const stacks = join(base, "stacks", project);
  await mkdir(stacks, { recursive: true });
  // Version 1 means that stacks are in folders by project.
  await writeFile(join(base, "meta.yaml"), "version: 1\n", { flag: "wx" }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
  const checkpoint = { stack: `organization/${project}/${stack}` };
  await replaceFile(join(stacks, `${stack}.json`), JSON.stringify({ version: 3, checkpoint }));
}
