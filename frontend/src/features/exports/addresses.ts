const ADDRESS = /[^\s"',;<>:]+@[^\s"',;<>:]+\.[^\s"',;<>:]+/g

/** Every address in a text, once each, in whatever column or form it stands. */
export function addressesIn(text: string): string[] {
  const found = new Map<string, string>()
  for (const [address] of text.matchAll(ADDRESS)) found.set(address.toLowerCase(), address)
  return [...found.values()]
}
