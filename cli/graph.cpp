int graph_dummy_;
