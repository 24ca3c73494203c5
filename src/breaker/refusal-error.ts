/**
 * What is thrown in place of a call that is not run.
 *
 * A refusal must cost almost nothing, and taking a stack costs more than the rest of it many times over. So the object is made without
 * running `Error`: it inherits from `Error.prototype` (`instanceof Error` holds), and its stack is its header line. Its name and code are
 * its class's: `nameRefusal`.
 */
export abstract class RefusalError {
  declare readonly name: string
  declare readonly code: string

  abstract get message(): string

  get stack(): string {
    return `${this.name}: ${this.message}`
  }
}
Object.setPrototypeOf(RefusalError.prototype, Error.prototype)

/** Not fields: each object would be given its own. */
export function nameRefusal<Refusal extends RefusalError>(
  refusal: { readonly prototype: Refusal },
  name: Refusal['name'],
  code: Refusal['code'],
): void {
  Object.defineProperties(refusal.prototype, { name: { value: name }, code: { value: code } })
}
