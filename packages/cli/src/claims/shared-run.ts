/** Several claims rest on one run: measured once, asked often. */
export const once = <C, T>(measure: (context: C) => Promise<T>): ((context: C) => Promise<T>) => {
  let running: Promise<T> | null = null;
  return (context) => {
    running ??= measure(context);
    return running;
  };
};
