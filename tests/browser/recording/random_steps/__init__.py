"""Parts of the test of random steps: devices with tabs, and a record of what people gave."""
