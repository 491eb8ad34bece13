"""What people see: one module a part of the workbench."""
