"""What people do with a judged call: what waits for them, what they see, what they correct."""
