"""VK's payload files, and what its tests share."""
