/** Reports progress of work that takes minutes: a line at once, then one every 15 seconds. */
export async function withBeat<T>(
  progress: (line: string) => void,
  line: (seconds: number) => string,
  work: () => Promise<T>,
  interval = 15_000,
): Promise<T> {
  const begun = Date.now();
  const tell = () => progress(line(Math.round((Date.now() - begun) / 1000)));
  tell();
  const beat = setInterval(tell, interval);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
