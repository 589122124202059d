/** A key for one intended action: repeating the call with it does not start the work twice. */
export function idempotencyKey(): string {
  // randomUUID exists only on secure origins; a team may try the tool over plain http in its own network.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const random = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
