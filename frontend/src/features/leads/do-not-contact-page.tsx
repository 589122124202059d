export function DoNotContactPage() {
  return null
}
