"""What the product does: a room per noun, in the order of the data. A room uses the rooms below it, never above."""
