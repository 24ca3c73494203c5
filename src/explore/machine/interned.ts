/** Gives equal values equal numbers, so that they fit where numbers do. */
export class Interned<Value> {
  readonly #values: Value[] = []
  readonly #numbers = new Map<Value, number>()

  numberOf(value: Value): number {
    let number = this.#numbers.get(value)
    if (number === undefined) {
      number = this.#values.length
      this.#values.push(value)
      this.#numbers.set(value, number)
    }
    return number
  }

  /** The value with that number, which was given out. */
  at(number: number): Value {
    return this.#values[number] as Value
  }

  get size(): number {
    return this.#values.length
  }
}
