"""The officer's copy: one store on one device, which works without a network and syncs when there is one."""
