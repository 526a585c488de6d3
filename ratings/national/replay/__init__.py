"""Published inspections, loaded from files of their figures and rated again.

``format``, ``place``, ``spread`` and ``compare`` know no Django; ``load`` stores.
"""
