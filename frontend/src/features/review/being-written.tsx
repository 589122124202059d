import { Alert, Loader } from '@mantine/core'

export function BeingWritten() {
  return (
    <Alert
      color="spruce"
      role="status"
      icon={<Loader size={18} aria-hidden />}
      title="Claude writes this anew"
    >
      The new texts appear here when they are done; what stands now stays among the versions. Go on with the
      next one meanwhile.
    </Alert>
  )
}
