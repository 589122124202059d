import { Alert } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { IconPlugConnectedX } from '@tabler/icons-react'

export function OfflineBanner() {
  const { online } = useNetwork()
  if (online) return null
  return (
    <Alert color="yellow" mb="md" icon={<IconPlugConnectedX />} title="You are offline" role="status">
      What you see may be old. Edits are kept in this browser and saved when the connection is back.
    </Alert>
  )
}
