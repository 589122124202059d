"""Claude in our own words: the port, the real client, their JSON, and what can go wrong.

Rooms above use `port` and `errors`; only wiring builds `client.AnthropicClient`. The same client speaks to the sandbox.
"""
