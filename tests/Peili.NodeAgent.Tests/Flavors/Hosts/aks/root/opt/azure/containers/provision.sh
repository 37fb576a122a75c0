# Written for a test from what is known of this flavor, not captured from a node.
#!/bin/bash
