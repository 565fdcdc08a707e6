import type { Command } from "commander";
import { bareProgram } from "./bare-program.ts";
import { addRunWords } from "./run-words.ts";

/**
 * The program for what is typed first. What stays up for years is there without the two hundred commands
 * that only people type: they would be read at each start and stay in memory. Everything else may be
 * misspelled, or ask for help, and needs the whole tree.
 */
export async function programFor(first: string | undefined): Promise<Command> {
  if (first !== "run" && first !== "up") return (await import("./program.ts")).buildProgram();
  const program = bareProgram();
  addRunWords(program);
  return program;
}
