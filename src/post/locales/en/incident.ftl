### What an incident says in its thread and to the lead.
