/** Something the user can mend: told in one plain sentence, without a stack. */
export class Refusal extends Error {
  name = 'Refusal';
}

/** Runs a command; a refusal becomes its sentence and exit code 1. */
export async function run(command) {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : error);
    process.exitCode = 1;
  }
}
