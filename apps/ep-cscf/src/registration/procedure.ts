/**
 * A procedure of a specification, kept in the order and with the numbers of its clause.
 *
 * A step placed before what it needs does not compile.
 *
 * @module
 */
import type { RegistrationContext } from './registration-context.ts';

export type Step<In, Out> = (input: In, context: RegistrationContext) => Out | Promise<Out>;

export interface Procedure<In, Out> {
  /** Appends the step the clause numbers `number`; it takes what the step before returned. */
  step<Next>(number: string, run: Step<Out, Next>): Procedure<In, Next>;
  run(input: In, context: RegistrationContext): Promise<Out>;
  /** One line a step, e.g. `TS 33.203 X.3.2.3 step 5.1: vouchForUser`. */
  readonly outline: readonly string[];
}

interface NumberedStep {
  readonly number: string;
  readonly run: Step<never, unknown>;
}

export function procedure<In>(clause: string): Procedure<In, In> {
  return withSteps(clause, []);
}

function withSteps<In, Out>(clause: string, steps: readonly NumberedStep[]): Procedure<In, Out> {
  return {
    step: (number, run) => withSteps(clause, [...steps, { number, run }]),
    outline: steps.map(({ number, run }) => `${clause} step ${number}: ${run.name}`),
    async run(input, context) {
      let value: unknown = input;
      for (const { number, run } of steps) {
        context.log.debug({ event: 'procedure.step', clause, step: number, name: run.name });
        value = await run(value as never, context);
      }
      return value as Out;
    },
  };
}
