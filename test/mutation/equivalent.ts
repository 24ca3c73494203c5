/** Mutants that change nothing that can be seen, each with the reason. */
export const equivalent: Readonly<Record<string, string>> = {}
